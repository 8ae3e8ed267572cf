// What runs at the edge, on every request to both domains: CloudFront Functions, runtime 2.0, viewer request.
//
// A page has one address. Every other spelling that could mean it is sent to that address or to nowhere, so whatever
// is asked of an address below is asked of every way to its object.
//
//   /g/<slug>  /g/<slug>.html        the object /g/<slug>.html
//   /g/<name>.ics                    as it is
//   /g/<booking>-crew, .html, .ics   the same, for its crew alone
//   /ops  /ops/  /ops/<name>         the object /ops/index.html, /ops/<name>.html, for members with that role alone
//   /g/PRESIGN  /crew/*              as they are, on to ShipCaptainCrew
//   anything else                    untouched: a domain may have a site of its own
//
// Who may not read a page is sent to its login page, whether or not there is such a page. A member's cookie is
//
//   1.<key>.<booking, or ops>.<member>.<epoch>.<expires>.<mac>    HMAC-SHA256 of "cookie:" and all before the last dot
//
// and the KeyValueStore holds by what to judge it; no other page asks for any of it:
//
//   key:<key>        the secret that signs; two of them while keys change
//   gone:<member>    cookies of an earlier epoch are void
//   crew_pages       "unlisted" where crew pages, though never the board, are for whoever knows their address
//
// No build step, at most 10 KB, and only the JavaScript that castoff.edge.syntax lets through: CloudFront publishes
// code it cannot run and answers 503 afterwards. In njs `$` matches before a line break at the end, too: what is
// asked for is searched for what it must not hold before any pattern is trusted.

import cf from 'cloudfront';
import crypto from 'crypto';

// Names a key that no release holds, so the bucket says "not found" in the operator's own words.
const NOWHERE = '/g/-';

// What a path must hold to be read in more ways than one.
const ODD = /[^a-z0-9._~\/-]|\/[.\/]|.\/$/;

const OPS = 'ops';
const LONGEST_COOKIE = 512;

async function handler(event) {
    const request = event.request;
    const place = placeOf(request.uri);
    if (place === null) {
        return request;
    }
    if (request.uri !== place.address && request.uri !== place.object && request.uri !== place.also) {
        return redirectTo(place.address, request);
    }
    if (place.subject !== null) {
        const open = await mayRead(place.subject, request.cookies);
        if (!open) {
            return loginFor(place.subject);
        }
        request.cookies = {};
    }
    request.uri = place.object;
    return request;
}

// The page a path means: the address it is known by, the object behind it, for the board the address without a slash,
// and whose page it is: a booking's crew, ops, or null for everyone's. null is a path that is not ours.
function placeOf(uri) {
    const plain = plainPath(uri);
    if (uri === '/g/PRESIGN' || uri === '/g') {
        return null;
    }
    const ops = plain === '/ops' || plain.startsWith('/ops/');
    if (!ops && plain !== '/g' && !plain.startsWith('/g/')) {
        return null;
    }
    if (/[^a-z0-9._~\/-]/.test(plain) || !ops && plain.lastIndexOf('/') !== 2) {
        return { address: uri, object: NOWHERE, also: uri, subject: null };
    }
    if (plain === '/ops' || plain === '/ops/index' || plain === '/ops/index.html') {
        return { address: '/ops/', object: '/ops/index.html', also: '/ops', subject: OPS };
    }
    const address = plain.endsWith('.html') ? plain.slice(0, -5) : plain;
    const object = plain.endsWith('.ics') ? plain : address + '.html';
    return { address: address, object: object, also: address, subject: ops ? OPS : crewOf(object) };
}

// No slug has a dot or ends in -crew, so whatever begins like a crew page's file is its crew's.
function crewOf(object) {
    const end = object.indexOf('-crew.');
    return end === -1 ? null : object.slice(3, end);
}

// The path as the most generous reader could take it: percent-encoding undone (twice, since some readers do), back
// slashes for slashes, no empty, "." or ".." segments, no slash at the end, lower case. Bytes become characters one
// by one, so no encoding is too broken to be read, and nothing outside ASCII turns into a letter of ours.
function plainPath(uri) {
    if (!ODD.test(uri)) {
        return uri;
    }
    const segments = decoded(decoded(uri)).replace(/\\/g, '/').split('/');
    const kept = [];
    for (let i = 0; i < segments.length; i++) {
        if (segments[i] === '..') {
            kept.pop();
        } else if (segments[i] !== '' && segments[i] !== '.') {
            kept.push(segments[i]);
        }
    }
    return '/' + kept.join('/').replace(/[A-Z]/g, function (letter) {
        return letter.toLowerCase();
    });
}

function decoded(text) {
    return text.replace(/%([0-9a-fA-F]{2})/g, function (escape, hex) {
        return String.fromCharCode(parseInt(hex, 16));
    });
}

// Whoever cannot be judged stays outside, whatever fails.
async function mayRead(subject, cookies) {
    try {
        const store = cf.kvs();
        if (await isMember(subject, cookies, store)) {
            return true;
        }
        return subject !== OPS && await valueOf(store, 'crew_pages') === 'unlisted';
    } catch (fault) {
        return false;
    }
}

async function isMember(subject, cookies, store) {
    const cookie = cookies[subject === OPS ? '__Host-ops' : '__Host-crew-' + subject];
    if (!cookie || cookie.multiValue || cookie.value.length > LONGEST_COOKIE) {
        return false;
    }
    const parts = cookie.value.split('.');
    if (parts.length !== 7 || parts[0] !== '1' || parts[2] !== subject) {
        return false;
    }
    const secret = await valueOf(store, 'key:' + parts[1]);
    if (secret === null || secret.length !== 64 || /[^0-9a-f]/.test(secret)) {
        return false;
    }
    const signed = 'cookie:' + parts.slice(0, 6).join('.');
    const mac = crypto.createHmac('sha256', secret).update(signed).digest('base64url');
    if (!isSame(parts[6], mac) || !(numberOf(parts[5]) > Date.now() / 1000)) {
        return false;
    }
    const gone = await valueOf(store, 'gone:' + parts[3]);
    return numberOf(parts[4]) >= (gone === null ? 0 : numberOf(gone));
}

// A missing entry is null; a store that fails throws, which a get alone would not tell apart.
async function valueOf(store, key) {
    const known = await store.exists(key);
    return known ? await store.get(key) : null;
}

// Takes as long for a mac that is wrong at its first letter as for one that is wrong at its last.
function isSame(told, right) {
    let difference = told.length ^ right.length;
    for (let i = 0; i < right.length; i++) {
        difference |= told.charCodeAt(i) ^ right.charCodeAt(i);
    }
    return difference === 0;
}

// What is no number compares as neither more nor less than any.
function numberOf(text) {
    return text === '' || /[^0-9]/.test(text) ? NaN : Number(text);
}

function loginFor(subject) {
    return {
        statusCode: 302,
        statusDescription: 'Found',
        headers: { 'location': { value: '/crew/' + subject }, 'cache-control': { value: 'no-store' } }
    };
}

// no-store: a query may hold the token of a link. 308 has a form sent again as it was.
function redirectTo(address, request) {
    const safe = request.method === 'GET' || request.method === 'HEAD';
    return {
        statusCode: safe ? 301 : 308,
        statusDescription: safe ? 'Moved Permanently' : 'Permanent Redirect',
        headers: {
            'location': { value: address + queryOf(request.querystring) },
            'cache-control': { value: 'no-store' }
        }
    };
}

function queryOf(querystring) {
    const pairs = [];
    Object.keys(querystring).forEach(function (name) {
        const entry = querystring[name];
        const values = entry.multiValue ? entry.multiValue : [entry];
        values.forEach(function (one) {
            pairs.push(one.value === '' ? name : name + '=' + one.value);
        });
    });
    return pairs.length === 0 ? '' : '?' + pairs.join('&');
}

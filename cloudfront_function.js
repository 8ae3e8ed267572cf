// What runs at the edge, on every request to both domains: CloudFront Functions, runtime 2.0, viewer request.
//
// A page has one address. Every other spelling that could mean it is sent to that address or to nowhere, so whatever
// is asked of an address below is asked of every way to its object.
//
//   /g/<slug>  /g/<slug>.html    the object /g/<slug>.html
//   /g/<name>.ics                as it is
//   /ops  /ops/  /ops/<name>     the object /ops/index.html, /ops/<name>.html
//   /g/PRESIGN  /crew/*          as they are, on to ShipCaptainCrew
//   anything else                untouched: a domain may have a site of its own
//
// No build step, at most 10 KB, and only what njs understands: no for-of, no classes, no destructuring, no default
// parameters, no spread, no optional chaining. CloudFront publishes code it cannot run and answers 503 afterwards.

// Names a key that no release holds, so the bucket says "not found" in the operator's own words.
const NOWHERE = '/g/-';

function handler(event) {
    const request = event.request;
    const place = placeOf(request.uri);
    if (place === null) {
        return request;
    }
    if (request.uri !== place.address && request.uri !== place.object && request.uri !== place.also) {
        return redirectTo(place.address, request);
    }
    request.uri = place.object;
    return request;
}

// The page a path means: the address it is known by, the object behind it and, for the board, the address without a
// slash. null is a path that is not ours.
function placeOf(uri) {
    const plain = plainPath(uri);
    if (uri === '/g/PRESIGN' || uri === '/g') {
        return null;
    }
    if (plain === '/g' || plain.indexOf('/g/') === 0) {
        return guestPlace(plain, uri);
    }
    if (plain === '/ops' || plain.indexOf('/ops/') === 0) {
        return opsPlace(plain, uri);
    }
    return null;
}

function guestPlace(plain, uri) {
    if (!/^\/g\/[a-z0-9._~-]+$/.test(plain)) {
        return { address: uri, object: NOWHERE, also: uri };
    }
    return pagePlace(plain);
}

function opsPlace(plain, uri) {
    if (plain === '/ops' || plain === '/ops/index' || plain === '/ops/index.html') {
        return { address: '/ops/', object: '/ops/index.html', also: '/ops' };
    }
    if (!/^\/ops(\/[a-z0-9._~-]+)+$/.test(plain)) {
        return { address: uri, object: NOWHERE, also: uri };
    }
    return pagePlace(plain);
}

function pagePlace(plain) {
    if (/\.ics$/.test(plain)) {
        return { address: plain, object: plain, also: plain };
    }
    const address = plain.replace(/\.html$/, '');
    return { address: address, object: address + '.html', also: address };
}

// The path as the most generous reader could take it: percent-encoding undone (twice, since some readers do), back
// slashes for slashes, no empty, "." or ".." segments, no slash at the end, lower case. Bytes become characters one
// by one, so no encoding is too broken to be read, and nothing outside ASCII turns into a letter of ours.
function plainPath(uri) {
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

// The modules that CloudFront gives a function, for an engine that has none: `cloudfront` with its key-value store,
// `crypto` with SHA-256. A store is asked by a promise that the embedding program settles between two turns.

const castoffQuestions = [];
let castoffOutcome = null;

const castoffModules = {
    cloudfront: {
        kvs: function () {
            function ask(what, key) {
                return new Promise(function (resolve, reject) {
                    castoffQuestions.push({ what: what, key: String(key), resolve: resolve, reject: reject });
                });
            }
            return {
                get: function (key, options) {
                    return ask('get', key).then(function (text) {
                        if (text === null) {
                            throw new Error('KeyNotFound');
                        }
                        return options && options.format === 'json' ? JSON.parse(text) : text;
                    });
                },
                exists: function (key) {
                    return ask('get', key).then(function (text) {
                        return text !== null;
                    });
                }
            };
        }
    },
    crypto: {
        createHash: function (algorithm) {
            castoffOnlySha256(algorithm);
            return castoffDigest([], function (bytes) {
                return castoffSha256(bytes);
            });
        },
        createHmac: function (algorithm, key) {
            castoffOnlySha256(algorithm);
            let secret = castoffBytes(key);
            if (secret.length > 64) {
                secret = castoffSha256(secret);
            }
            const inner = [];
            const outer = [];
            for (let i = 0; i < 64; i++) {
                inner.push((secret[i] || 0) ^ 0x36);
                outer.push((secret[i] || 0) ^ 0x5c);
            }
            return castoffDigest(inner, function (bytes) {
                return castoffSha256(outer.concat(castoffSha256(bytes)));
            });
        }
    }
};

function require(name) {
    if (!Object.prototype.hasOwnProperty.call(castoffModules, name)) {
        throw new Error('module "' + name + '" is not one of the edge');
    }
    return castoffModules[name];
}

function castoffStart(text) {
    castoffOutcome = null;
    castoffQuestions.length = 0;
    Promise.resolve().then(function () {
        return handler(JSON.parse(text));
    }).then(function (value) {
        castoffOutcome = JSON.stringify({ value: value === undefined ? null : value });
    }, function (fault) {
        castoffOutcome = JSON.stringify({ fault: String(fault && fault.stack ? fault + '\n' + fault.stack : fault) });
    });
}

function castoffQuestion() {
    return castoffQuestions.length === 0 ? null : castoffQuestions[0].key;
}

function castoffAnswer(text) {
    castoffQuestions.shift().resolve(text);
}

function castoffFail(reason) {
    castoffQuestions.shift().reject(new Error(reason));
}

function castoffResult() {
    return castoffOutcome;
}

function castoffOnlySha256(algorithm) {
    if (algorithm !== 'sha256') {
        throw new Error('the edge has sha256 alone, not "' + algorithm + '"');
    }
}

function castoffDigest(start, finish) {
    let bytes = start;
    return {
        update: function (part) {
            bytes = bytes.concat(castoffBytes(part));
            return this;
        },
        digest: function (encoding) {
            const result = finish(bytes);
            if (encoding === 'hex') {
                return result.map(function (byte) {
                    return (byte < 16 ? '0' : '') + byte.toString(16);
                }).join('');
            }
            if (encoding === 'base64') {
                return castoffBase64(result);
            }
            if (encoding === 'base64url') {
                return castoffBase64(result).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
            }
            throw new Error('a digest is asked for as hex, base64 or base64url');
        }
    };
}

function castoffBytes(part) {
    if (typeof part !== 'string') {
        return Array.from(part);
    }
    const bytes = [];
    const escaped = encodeURIComponent(part);
    for (let i = 0; i < escaped.length; i++) {
        if (escaped[i] === '%') {
            bytes.push(parseInt(escaped.slice(i + 1, i + 3), 16));
            i += 2;
        } else {
            bytes.push(escaped.charCodeAt(i));
        }
    }
    return bytes;
}

function castoffBase64(bytes) {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    let text = '';
    for (let i = 0; i < bytes.length; i += 3) {
        const three = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
        text += letters[three >> 18] + letters[(three >> 12) & 63];
        text += i + 1 < bytes.length ? letters[(three >> 6) & 63] : '=';
        text += i + 2 < bytes.length ? letters[three & 63] : '=';
    }
    return text;
}

// FIPS 180-4, section 6.2; its constants are the fractions of the first primes' square and cube roots.
const castoffPrimes = [];
for (let n = 2; castoffPrimes.length < 64; n++) {
    if (castoffPrimes.every(function (prime) { return n % prime !== 0; })) {
        castoffPrimes.push(n);
    }
}

function castoffFraction(root) {
    return ((root - Math.floor(root)) * 4294967296) | 0;
}

function castoffSha256(message) {
    const constants = castoffPrimes.map(function (prime) { return castoffFraction(Math.cbrt(prime)); });
    let state = castoffPrimes.slice(0, 8).map(function (prime) { return castoffFraction(Math.sqrt(prime)); });
    const bytes = message.concat([0x80]);
    while (bytes.length % 64 !== 56) {
        bytes.push(0);
    }
    const bits = message.length * 8;
    bytes.push(0, 0, 0, Math.floor(bits / 4294967296) & 255, bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
    for (let at = 0; at < bytes.length; at += 64) {
        state = castoffBlock(bytes, at, state, constants);
    }
    const digest = [];
    state.forEach(function (word) {
        digest.push(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
    });
    return digest;
}

function castoffTurn(word, by) {
    return (word >>> by) | (word << (32 - by));
}

function castoffBlock(bytes, at, state, constants) {
    const w = [];
    for (let i = 0; i < 64; i++) {
        if (i < 16) {
            const j = at + i * 4;
            w.push((bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3]);
        } else {
            const s0 = castoffTurn(w[i - 15], 7) ^ castoffTurn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
            const s1 = castoffTurn(w[i - 2], 17) ^ castoffTurn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
            w.push((w[i - 16] + s0 + w[i - 7] + s1) | 0);
        }
    }
    let v = state.slice();
    for (let i = 0; i < 64; i++) {
        const s1 = castoffTurn(v[4], 6) ^ castoffTurn(v[4], 11) ^ castoffTurn(v[4], 25);
        const choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        const t1 = (v[7] + s1 + choice + constants[i] + w[i]) | 0;
        const s0 = castoffTurn(v[0], 2) ^ castoffTurn(v[0], 13) ^ castoffTurn(v[0], 22);
        const majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        v = [(t1 + s0 + majority) | 0, v[0], v[1], v[2], (v[3] + t1) | 0, v[4], v[5], v[6]];
    }
    return state.map(function (word, i) { return (word + v[i]) | 0; });
}

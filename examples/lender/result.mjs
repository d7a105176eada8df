// Verifies the signed result that the widget's end user brings to the success page: a JWT (RFC 7519), signed with HS256 and
// the widget's signing secret.

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Why a result is not believed. Always the visitor's request that is wrong, hence 400. */
export class UnprovenResult extends Error {
  status = 400;
}

/**
 * Returns the claims of `token`: `businessName`, `businessUuid`, `connections: [{ connectionId, serviceName }]`, and `jti`,
 * which a server that must not act twice remembers until `exp`.
 */
export function verifyResult(token, { secret, audience, now = Date.now() }) {
  if (!secret) throw new Error('RAILHEAD_SIGNING_SECRET is not set');
  const [header, payload, signature, ...rest] = (token ?? '').split('.');
  if (!signature || rest.length > 0) throw new UnprovenResult('there is no result');
  // The algorithm is ours to choose, never the token's.
  if (decode(header).alg !== 'HS256') throw new UnprovenResult('the result is not signed with HS256');
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new UnprovenResult('the signature is wrong');
  const claims = decode(payload);
  if (claims.aud !== audience) throw new UnprovenResult('the result is for another widget');
  if (!(claims.exp * 1000 > now)) throw new UnprovenResult('the result has expired');
  return claims;
}

function decode(part) {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) ?? {};
  } catch {
    throw new UnprovenResult('the result cannot be read');
  }
}

// The success page of examples/lender is what customers copy, so it is tested like the rest.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { UnprovenResult, verifyResult } from '../../../examples/lender/result.mjs';
import { successPage } from '../../../examples/lender/success.mjs';

const NOW = Date.parse('2027-01-15T12:00:00Z');
const expected = { secret: 'sig_secret', audience: 'wid_1', now: NOW };
const claims = { aud: 'wid_1', exp: NOW / 1000 + 600, businessName: 'Harbor Coffee Ltd', connections: [{ connectionId: 'con_1' }] };

function sign(payload, { alg = 'HS256', secret = 'sig_secret' } = {}) {
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

test('a result that is signed, addressed to us and fresh is believed', () => {
  assert.deepEqual(verifyResult(sign(claims), expected), claims);
});

test('any other is not', () => {
  const good = sign(claims);
  const refused = {
    'none at all': null,
    'not a token': 'a.b.c',
    'without a signature': good.slice(0, good.lastIndexOf('.') + 1),
    'signed by somebody else': sign(claims, { secret: 'sig_other' }),
    'with an algorithm of its own choice': sign(claims, { alg: 'none' }),
    'changed afterwards': good.replace(/\.[^.]+\./, `.${Buffer.from('{"aud":"wid_1","exp":9e9}').toString('base64url')}.`),
    'for another widget': sign({ ...claims, aud: 'wid_2' }),
    expired: sign({ ...claims, exp: NOW / 1000 }),
    'without an end': sign({ ...claims, exp: undefined }),
  };
  for (const [why, token] of Object.entries(refused)) {
    assert.throws(() => verifyResult(token, expected), UnprovenResult, why);
  }
});

test('the success page escapes what it shows, and shows no token', () => {
  const page = successPage('<b>Harbor</b>', [
    {
      connectionId: 'con_1',
      serviceName: 'quickbooks_online',
      account: { name: '<script>alert(1)</script>' },
      status: 'active',
      expiresAt: '2028-01-15T12:00:00Z',
      credentials: { accessToken: 'secret-access-token-wxyz' },
    },
  ]);
  assert.match(page, /is connected to QuickBooks Online/);
  assert.match(page, /••••wxyz/);
  assert.doesNotMatch(page, /<script>|<b>|secret-access/);
});

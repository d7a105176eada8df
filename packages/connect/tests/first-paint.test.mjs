import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from './compile.mjs';

const { wishes } = await compile('first-paint.ts');
const asked = (options) => wishes(options, true, 'https://connect.example');

test('the server is told the options that change the first step, and unknown ones', () => {
  const options = {
    container: '#here',
    theme: { primary: 'red' },
    locale: 'fr',
    sessionToken: 'ses_1',
    metadata: { secret: 1 },
    onConnect() {},
    onPrem: true,
    logo: '/logo.svg',
    kinds: ['banking'],
    links: null,
    services: undefined,
    fromTheFuture: 1,
  };
  assert.deepEqual(JSON.parse(asked(options)), {
    modal: true,
    base: 'https://connect.example',
    options: { onPrem: true, logo: '/logo.svg', kinds: ['banking'], fromTheFuture: 1 },
  });
});

test('what cannot be written down, or is too long, is not asked for', () => {
  const circle = {};
  circle.circle = circle;
  assert.equal(asked({ messages: circle }), undefined);
  assert.equal(asked({ messages: { search: 'x'.repeat(30_000) } }), undefined);
  assert.equal(asked({ logo: 1n }), undefined);
});

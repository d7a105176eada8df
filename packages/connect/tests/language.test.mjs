import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { compile } from './compile.mjs';

const { best, canonical, direction, loadPack, negotiate } = await compile('language.ts');
const { LANGUAGES } = await compile('messages.generated.ts');

/** A page in this language, in a browser that prefers these. */
function page(lang, ...languages) {
  globalThis.document = { documentElement: { lang } };
  Object.defineProperty(globalThis, 'navigator', { value: { languages }, configurable: true });
}

test('the best match is the one that the server finds', async () => {
  const cases = await readFile(new URL('../../../protocol/tests/languages.txt', import.meta.url), 'utf8');
  const lines = cases.split('\n').filter((line) => line && !line.startsWith('#'));
  assert.ok(lines.length > 20);
  for (const line of lines) {
    const [tag, wanted] = line.split(' → ');
    const locale = canonical(tag);
    assert.equal((locale && best(locale)) ?? 'none', wanted, tag);
  }
});

test('there is a pack of every language but English', async () => {
  const names = await readdir(new URL('../../../src/text/packs', import.meta.url));
  const packs = names.map((name) => name.replace('.json', ''));
  assert.deepEqual(packs.sort(), LANGUAGES.filter((language) => language !== 'en').sort());
  assert.deepEqual(LANGUAGES.filter((language) => direction(language) === 'rtl'), ['ar', 'he']);
});

test('what was asked for decides, then the page, then the browser', () => {
  page('de-AT', 'ja', 'fr');
  assert.deepEqual(negotiate('fr-BE'), { language: 'fr', locale: 'fr-BE' });
  assert.deepEqual(negotiate('pl'), { language: 'en', locale: 'pl' });
  assert.deepEqual(negotiate(undefined), { language: 'de', locale: 'de-AT' });
  page('pl', 'pl-PL', 'ja-JP', 'fr');
  assert.deepEqual(negotiate(null), { language: 'ja', locale: 'ja-JP' });
  page('', 'pl');
  assert.deepEqual(negotiate(undefined), { language: 'en', locale: 'en' });
});

test('a language that is none is named once and ignored', (t) => {
  page('sv');
  const warn = t.mock.method(console, 'warn', () => {});
  for (const wrong of [7, '!!', '!!', 7]) assert.equal(negotiate(wrong).language, 'sv');
  assert.equal(warn.mock.callCount(), 2);
});

test('a pack that does not come leaves English, and the next attempt asks again', async (t) => {
  const error = t.mock.method(console, 'error', () => {});
  const entry = (packs) => `data:text/javascript,${encodeURIComponent(`export const packs = ${JSON.stringify(packs)};`)}#`;
  const speech = { language: 'de', locale: 'de-CH' };
  const english = { language: 'en', locale: 'de-CH', words: {} };
  assert.deepEqual(await loadPack({ apiUrl: entry({}) }, speech), english);
  const places = { apiUrl: entry({ de: 'https://connect.example/de.json' }) };
  const fetch = t.mock.method(globalThis, 'fetch', async () => new Response('', { status: 404 }));
  assert.deepEqual(await loadPack(places, speech), english);
  assert.equal(error.mock.callCount(), 2);
  fetch.mock.mockImplementation(async () => new Response('{"close":"Schließen"}'));
  const german = { language: 'de', locale: 'de-CH', words: { close: 'Schließen' } };
  assert.deepEqual(await loadPack(places, speech), german);
  assert.deepEqual(await loadPack(places, speech), german);
  assert.equal(fetch.mock.callCount(), 2);
  assert.deepEqual(await loadPack(places, { language: 'en', locale: 'en' }), { language: 'en', locale: 'en', words: {} });
});

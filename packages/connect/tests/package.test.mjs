import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = await mkdtemp(join(tmpdir(), 'railhead-connect-'));
after(() => rm(folder, { recursive: true }));

test('can be imported on a server, where init has nothing to show', async () => {
  const { ConnectError, defineElement, init, version } = await import('../dist/index.js');
  const { version: declared } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  assert.equal(version, declared);
  assert.equal(await init('wid_1', 'Harbor Coffee Ltd', { container: '#here' }), null);
  defineElement();
  assert.ok(Error.isPrototypeOf(ConnectError));
});

test('the package holds the module, its types and its licences, and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
  const paths = JSON.parse(stdout)[0].files.map(({ path }) => path);
  assert.ok(paths.includes('dist/index.js') && paths.includes('dist/index.d.ts'));
  const others = paths.filter((path) => !/^dist\/.*\.d\.ts$/.test(path)).sort();
  assert.deepEqual(others, ['README.md', 'dist/LICENSE-APACHE', 'dist/LICENSE-MIT', 'dist/index.js', 'package.json']);
});

test('the script build knows the hashed names and is the same every time', async () => {
  const wasm = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const build = async () => {
    await writeFile(join(folder, 'railhead-widget-00c0ffee.js'), 'export function init() {}\nexport default function start() {}\n');
    await writeFile(join(folder, 'railhead-widget-00c0ffee_bg.wasm'), wasm);
    await run('node', [join(root, 'build.mjs'), '--dist', folder]);
    const names = (await readdir(folder)).sort();
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])));
  };
  const first = await build();
  assert.deepEqual(await build(), first);
  assert.match(first.get('railhead.js').toString(), /railhead-widget-00c0ffee_bg\.wasm/);
  assert.match(first.get('railhead-widget.js').toString(), /railhead-widget-00c0ffee\.js/);
  const packs = [...first.keys()].filter((name) => /^railhead-text-[A-Za-z-]+-[0-9a-f]{16}\.json$/.test(name));
  assert.equal(packs.length, 13);
  for (const name of packs) {
    assert.ok(first.get('railhead.js').includes(name) && first.get('railhead-widget.js').includes(name), name);
  }
  const keys = (pattern) => Object.keys(JSON.parse(first.get(packs.find((name) => pattern.test(name))))).sort();
  assert.deepEqual(keys(/-text-fr-CA-/), keys(/-text-fr-[0-9a-f]{16}/));
  for (const name of [packs[0], 'railhead.js', 'railhead-widget.js', 'railhead-widget-00c0ffee.js', 'railhead-widget-00c0ffee_bg.wasm']) {
    assert.deepEqual(brotliDecompressSync(first.get(`${name}.br`)), first.get(name));
    assert.deepEqual(gunzipSync(first.get(`${name}.gz`)), first.get(name));
  }
});

test('the script build says what is missing', async () => {
  const empty = await mkdtemp(join(folder, 'empty-'));
  const failure = await run('node', [join(root, 'build.mjs'), '--dist', empty]).catch((error) => error);
  assert.equal(failure.code, 1);
  assert.match(failure.stderr, /has no files like .*run `trunk build/);
});

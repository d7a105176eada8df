// Builds what this package publishes.
//
//   node build.mjs              the npm package: dist/index.js (ES module) and its type declarations
//   node build.mjs --dist DIR   the script build, into the folder where the compiled widget is: railhead.js,
//                               railhead-frame.js and railhead-widget.js, the packs of texts (railhead-text-<language>-<hash>.json), and
//                               .br and .gz beside everything a browser fetches. Without DIR, Trunk's
//                               own TRUNK_STAGING_DIR. `trunk serve` gets no compressed files.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build, transform } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'));
const TARGET = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];
const PACKS = join(here, '../../src/text/packs');
/** The shell's stylesheets, for the loader. */
const STYLES = ['../../style/tokens.css', '../../style/shell.css', 'src/failure.css'];

/** The text of stylesheets, without what only people need. */
async function minified(files) {
  const text = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
  const { code } = await transform(text, { loader: 'css', minify: true, target: TARGET });
  return code.trim();
}

/**
 * Answers `import css from 'railhead:shell.css'` with the minified text of the shell's stylesheets, and `'railhead:steps.css'` with
 * that of the first steps, `steps`.
 */
const stylesheets = (steps) => ({
  name: 'stylesheets',
  setup(bundler) {
    bundler.onResolve({ filter: /^railhead:(shell|steps)\.css$/ }, ({ path }) => ({ path, namespace: 'railhead' }));
    bundler.onLoad({ filter: /steps/, namespace: 'railhead' }, () => ({ contents: steps, loader: 'text' }));
    bundler.onLoad({ filter: /shell/, namespace: 'railhead' }, async () => {
      const files = STYLES.map((file) => join(here, file));
      return { contents: await minified(files), loader: 'text', watchFiles: files };
    });
  },
});

/** Answers the import that wasm-split leaves in the glue with our own way of loading the later part. */
const laterPart = (glue) => ({
  name: 'later-part',
  setup(bundler) {
    bundler.onResolve({ filter: /__wasm_split\.js$/ }, () => ({ path: join(here, 'src/later.js') }));
    bundler.onResolve({ filter: /^railhead:glue$/ }, () => ({ path: glue }));
  },
});

function bundle({ steps = '', ...options }) {
  return build({
    absWorkingDir: here,
    bundle: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [stylesheets(steps)],
    target: TARGET,
    ...options,
    define: { RAILHEAD_VERSION: JSON.stringify(version), ...options.define },
  });
}

async function buildPackage() {
  await rm(join(here, 'dist'), { recursive: true, force: true });
  await bundle({ entryPoints: ['src/index.ts'], outfile: 'dist/index.js', format: 'esm', define: { RAILHEAD_FILES: 'null' } });
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) await copyFile(join(here, '../..', licence), join(here, 'dist', licence));
  const tsc = join(here, 'node_modules/.bin/tsc');
  await promisify(execFile)(tsc, ['--project', 'tsconfig.build.json'], { cwd: here }).catch(({ stdout }) => fail(stdout));
}

async function buildScript(folder) {
  const names = await readdir(folder).catch(() => fail(`There is no folder ${folder}.`));
  // `cargo xtask` splits the widget in two; Trunk leaves it in one piece.
  const later = names.find((name) => /^railhead-later-[0-9a-f]+\.wasm$/.test(name));
  const steps = await stepStyles(folder, later);
  const files = {
    glue: only(names, /^railhead-widget-[0-9a-f]+\.js$/, folder),
    wasm: only(names, /^railhead-widget-[0-9a-f]+_bg\.wasm$/, folder),
    packs: await writePacks(folder),
  };
  const banner = { js: `/*! Railhead Connect ${version} | MIT OR Apache-2.0 */` };
  const scripts = {
    script: 'railhead.js',
    // The widget on a page of the server's own, for host pages that cannot run it: fetched by nobody else.
    frame: 'railhead-frame.js',
  };
  for (const [entry, file] of Object.entries(scripts)) {
    await bundle({
      entryPoints: [`src/${entry}.ts`],
      outfile: join(folder, file),
      allowOverwrite: true,
      banner,
      define: { RAILHEAD_FILES: JSON.stringify(files) },
      format: 'iife',
      minify: true,
      steps,
    });
  }
  const glue = join(folder, files.glue);
  await build({
    stdin: { contents: exported(files.glue, later), resolveDir: folder },
    plugins: [laterPart(glue)],
    define: { RAILHEAD_LATER: JSON.stringify(later ?? null) },
    outfile: glue,
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    minify: true,
    target: TARGET,
  });
  const address = (name) => `new URL('./${name}', import.meta.url).href`;
  // The npm loader is of no one build of the widget, and asks for the stylesheet.
  const beside = { styles: await writeNamed(folder, 'railhead-steps', 'css', steps), glue: files.glue, wasm: files.wasm };
  const entry = Object.entries(beside).map(([part, name]) => `export const ${part} = ${address(name)};\n`);
  const packs = Object.entries(files.packs).map(([language, name]) => `  '${language}': ${address(name)},\n`);
  entry.push(`export const packs = {\n${packs.join('')}};\n`);
  await writeFile(join(folder, 'railhead-widget.js'), `// Where this build of the widget is.\n${entry.join('')}`);
  // While developing, waiting for the best compression of an unoptimised build would take longer than the build.
  if (process.env.TRUNK_PROFILE === 'debug') return;
  const served = (await readdir(folder)).filter((name) => /\.(js|json|wasm|css)$/.test(name));
  await Promise.all(served.map((name) => compress(join(folder, name))));
}

/** What the loader calls: of what wasm-bindgen exports for JavaScript, two functions; esbuild drops the rest. */
function exported(glue, later) {
  const own = `export { default, init } from './${glue}';`;
  return later ? `${own} export { laterSheet, later, warm } from ${JSON.stringify(join(here, 'src/later.js'))};` : own;
}

/** Gives a WebAssembly file a section of its own with this text, which engines skip. */
async function appendSection(file, name, text) {
  const number = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >> 7)]);
  const label = Buffer.from(name);
  const content = Buffer.concat([Buffer.from(number(label.length)), label, Buffer.from(text)]);
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.from([0, ...number(content.length)]), content]));
}

/**
 * The stylesheet of the first steps, which a step that the server has rendered needs before the code. The styles of later steps come
 * with their code, or, where the widget is in one piece, here as well.
 */
async function stepStyles(folder, later) {
  const style = (name) => minified([join(here, '../../style', name)]);
  const [first, rest] = await Promise.all(['components.css', 'later.css'].map(style));
  if (later) await appendSection(join(folder, later), 'styles', rest);
  return later ? first : first + rest;
}

/** Writes a file whose name carries a hash of what is in it, and returns the name. */
async function writeNamed(folder, name, extension, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const file = `${name}-${hash}.${extension}`;
  await writeFile(join(folder, file), text);
  return file;
}

/** Writes the packs as browsers get them, each whole, and returns their names by language. */
async function writePacks(folder) {
  const read = async (language) => JSON.parse(await readFile(join(PACKS, `${language}.json`), 'utf8'));
  const languages = (await readdir(PACKS)).map((name) => name.replace(/\.json$/, '')).sort();
  const written = languages.map(async (language) => {
    const pack = await read(language);
    // French as in Canada is kept as what differs from French.
    const text = JSON.stringify(language === 'fr-CA' ? { ...(await read('fr')), ...pack } : pack);
    return [language, await writeNamed(folder, `railhead-text-${language}`, 'json', text)];
  });
  return Object.fromEntries(await Promise.all(written));
}

function only(names, pattern, folder) {
  const found = names.filter((name) => pattern.test(name));
  if (found.length === 1) return found[0];
  return fail(`${folder} has ${found.length || 'no'} files like ${pattern.source}; run \`trunk build\`, which calls this script.`);
}

async function compress(file) {
  const bytes = await readFile(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params }));
  await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

function fail(message) {
  console.error(`packages/connect/build.mjs: ${message}`);
  process.exit(1);
}

const [mode, folder = process.env.TRUNK_STAGING_DIR] = process.argv.slice(2);
if (mode === undefined) await buildPackage();
else if (mode === '--dist' && folder) await buildScript(resolve(folder));
else fail('usage: build.mjs [--dist DIR]');

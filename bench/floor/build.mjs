// Builds the pages that the widget is measured against into DIR, each script with its .br beside it.
//
//   node build.mjs DIR

import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build, transform } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const TARGET = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];

/** Imports a stylesheet as its minified text. */
const styles = {
  name: 'styles',
  setup(bundler) {
    bundler.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, target: TARGET });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

const [folder] = process.argv.slice(2).map((path) => resolve(path));
if (!folder) {
  console.error('usage: node build.mjs DIR');
  process.exit(1);
}
await mkdir(folder, { recursive: true });
for (const name of ['vanilla', 'preact']) {
  await build({
    entryPoints: [join(here, name, 'picker.js')],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    format: 'iife',
    legalComments: 'none',
    logLevel: 'warning',
    minify: true,
    plugins: [styles],
    target: TARGET,
  });
}
// The reference product, as it is published.
await copyFile(join(here, 'node_modules/@railzai/railz-connect/dist/railz-connect.js'), join(folder, 'railz.js'));
for (const page of ['railhead', 'vanilla', 'preact', 'railz']) {
  await copyFile(join(here, page, 'index.html'), join(folder, `${page}.html`));
}
for (const name of (await readdir(folder)).filter((name) => name.endsWith('.js'))) {
  const bytes = await readFile(join(folder, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(bytes, { params }));
}

// Gives the tests a module of src/ as it will run, without a browser.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Stylesheets are the build's. */
const noStyles = {
  name: 'no-styles',
  setup(bundler) {
    bundler.onResolve({ filter: /^railhead:/ }, ({ path }) => ({ path, namespace: 'railhead' }));
    bundler.onLoad({ filter: /.*/, namespace: 'railhead' }, () => ({ contents: '', loader: 'text' }));
  },
};

export async function compile(file) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src', file)],
    bundle: true,
    format: 'esm',
    write: false,
    define: { RAILHEAD_FILES: 'null', RAILHEAD_VERSION: '"0.0.0"' },
    plugins: [noStyles],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

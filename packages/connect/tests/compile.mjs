// Gives the tests a module of src/ as it will run, without a browser.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export async function compile(file) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src', file)],
    bundle: true,
    format: 'esm',
    write: false,
    define: { RAILHEAD_FILES: 'null', RAILHEAD_VERSION: '"0.0.0"' },
    external: ['railhead:shell.css'],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

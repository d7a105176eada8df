// Loads the part of the WebAssembly that the first step does not need. wasm-split has cut it off, and has the glue import this.

import { initSync } from 'railhead:glue';

let part;

/** Loads it, and calls back at `callback` of the function table with `data` and whether it is there now. */
export async function __wasm_split_load_later(callback, data) {
  // Of a running module this answers the exports; the later part imports what it shares with the first from these.
  const first = initSync();
  part ??= load(first);
  const present = await part.then(
    () => true,
    (error) => {
      console.error('Railhead:', error);
      // Forgotten, so that the next call tries again.
      part = undefined;
      return false;
    },
  );
  first.__indirect_function_table.get(callback)(data, present);
}

async function load(first) {
  const url = new URL(RAILHEAD_LATER, import.meta.url);
  // The marks of the services come first.
  const answer = await fetch(url, { credentials: 'omit', priority: 'low' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return WebAssembly.instantiateStreaming(answer, { __wasm_split: first });
}

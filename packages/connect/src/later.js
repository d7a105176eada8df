// Loads the part of the WebAssembly that the first step does not need. wasm-split has cut it off, and has the glue import this.

import { initSync } from 'railhead:glue';

/** Pauses between attempts, in milliseconds: twice as long each time. */
const FIRST_PAUSE = 600;
const LONGEST_PAUSE = 8000;

/** The styles of the later steps, once they are there. */
export const laterSheet = new CSSStyleSheet();

let part;
let asked;

/** Asks for it, ahead of who needs it. */
export function warm() {
  asked ??= ask();
  asked.catch(() => {});
}

/** Loads it, and calls back at `callback` of the function table with `data` and that it is there now. */
export async function __wasm_split_load_later(callback, data) {
  await later();
  initSync().__indirect_function_table.get(callback)(data, true);
}

/** Has it come. */
export function later() {
  // Of a running module this answers the exports; the later part imports what it shares with the first from these.
  return (part ??= untilThere(initSync()));
}

/** As often as it takes: the WebAssembly remembers a failure for good, and who was offline for a moment goes on when that is over. */
async function untilThere(first) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await load(first);
    } catch (error) {
      // Once is no news: it comes of a moment offline, and of leaving the page meanwhile.
      if (pause > FIRST_PAUSE) console.error('Railhead:', error);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function load(first) {
  const answer = asked ?? ask();
  // Another attempt asks anew.
  asked = undefined;
  const { module, instance } = await WebAssembly.instantiateStreaming(await answer, { __wasm_split: first });
  const [styles] = WebAssembly.Module.customSections(module, 'styles');
  laterSheet.replaceSync(new TextDecoder().decode(styles));
  return instance;
}

async function ask() {
  const url = new URL(RAILHEAD_LATER, import.meta.url);
  // The marks of the services come first.
  const answer = await fetch(url, { credentials: 'omit', priority: 'low' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer;
}

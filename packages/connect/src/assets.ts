// Loads the widget's code: the JavaScript glue, which brings the stylesheet of the steps, and the WebAssembly, side by side, once
// per place they come from.

import type { Painted } from './first-paint.js';

import { tryWasm, watchPolicy } from './policy.js';

/** Where the widget's code and its API are. */
export interface Places {
  /** Origin of the API. */
  apiUrl: string;
  /** Address of railhead.js, in the script build; the files lie beside it. */
  scriptUrl?: string | undefined;
}

/** A running widget, as the WebAssembly hands it out. */
export interface Handle {
  open(): void;
  close(): void;
  update(options: object): void;
  destroy(): void;
}

/** What the loader has prepared for the widget. */
export interface ShellParts {
  host: HTMLElement;
  root: ShadowRoot;
  session: Promise<Response>;
  /** The first step, where it is on the page already. */
  painted: Pick<Painted, 'build' | 'answer'> | undefined;
  /** The page that embeds the widget, where that is not this one. */
  embedder?: Embedder | undefined;
}

/** The page that embeds a widget which runs elsewhere: in a frame, or in a window of its own. */
export interface Embedder {
  origin: string;
  /** Its address. */
  page: string;
  /** Sends the browser on, there. */
  go(url: string): void;
}

/** The widget's module. */
export interface Widget {
  init(
    widgetId: string,
    businessName: string | undefined,
    options: object,
    shell: ShellParts,
  ): Handle;
  /** The stylesheets of its steps. */
  sheets: CSSStyleSheet[];
}

interface Glue extends Pick<Widget, 'init'> {
  /** The text of the stylesheet of the first steps, or of all. */
  styles: string;
  /** The stylesheet of later steps, where those come later; empty until then. */
  laterSheet?: CSSStyleSheet;
  default(source: { module_or_path: Promise<WebAssembly.Module> }): Promise<unknown>;
}

interface Load {
  sheets: Promise<CSSStyleSheet[]>;
  widget: Promise<Widget>;
}

const loads = new Map<string, Load>();
let failures = 0;

/**
 * Loads the widget, or returns the load that is under way or done. A failed load is forgotten, so that the next call tries again.
 * Fails with `Refused` where the page's policy is the reason.
 */
export function loadWidget(places: Places): Promise<Widget> {
  return find(places).widget;
}

/** The stylesheets of the widget's steps, which are there before the rest. */
export function loadStyles(places: Places): Promise<CSSStyleSheet[]> {
  return find(places).sheets;
}

function find(places: Places): Load {
  const key = places.scriptUrl ?? places.apiUrl;
  const load = loads.get(key) ?? start(places);
  loads.set(key, load);
  load.widget.catch(() => {
    if (loads.get(key) !== load) return;
    loads.delete(key);
    failures += 1;
  });
  return load;
}

/** Where the files of a build are. */
export interface Files {
  glue: string;
  wasm: string;
  /** The packs, by language. An older server has none. */
  packs?: Readonly<Record<string, string>>;
}

/** Finds out where the files are: compiled in with the script build, asked of the server with the npm build. */
export async function locate(places: Places): Promise<Files> {
  if (!RAILHEAD_FILES) return (await import_(`${places.apiUrl}/railhead-widget.js`)) as Files;
  const { glue, wasm, packs } = RAILHEAD_FILES;
  const entries = Object.entries(packs).map(([language, name]) => [language, beside(name, places)]);
  return { glue: beside(glue, places), wasm: beside(wasm, places), packs: Object.fromEntries(entries) };
}

function start(places: Places): Load {
  const files = locate(places);
  const glue = files.then(({ glue }) => import_(glue) as Promise<Glue>);
  const module = files.then(({ wasm }) => compile(wasm));
  const sheets = glue.then(({ styles, laterSheet }) => {
    const made = new CSSStyleSheet();
    made.replaceSync(styles);
    return laterSheet ? [made, laterSheet] : [made];
  });
  module.catch(() => {});
  sheets.catch(() => {});
  return { sheets, widget: run(places, glue, module, sheets) };
}

async function run(places: Places, glue: Promise<Glue>, module: Promise<WebAssembly.Module>, sheets: Promise<CSSStyleSheet[]>): Promise<Widget> {
  const watch = watchPolicy(places.apiUrl, ['script-src', 'connect-src']);
  try {
    tryWasm();
    const { default: start, init } = await glue;
    await start({ module_or_path: module });
    return { init, sheets: await sheets };
  } catch (error) {
    throw (await watch.refusal(error)) ?? error;
  } finally {
    watch.end();
  }
}

function beside(name: string, { scriptUrl, apiUrl }: Places): string {
  return new URL(name, scriptUrl ?? `${apiUrl}/`).href;
}

/** Imports a module at run time, past the host's bundler. */
function import_(url: string): Promise<unknown> {
  // A browser may remember that a module failed to load; another address makes it ask again.
  const address = failures ? `${url}?attempt=${failures}` : url;
  return import(/* webpackIgnore: true */ /* @vite-ignore */ address);
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const answer = await fetch(url, { credentials: 'omit' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return WebAssembly.compileStreaming(answer);
}

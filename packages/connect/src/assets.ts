// Loads the widget's code: the stylesheet of the steps, the JavaScript glue and the WebAssembly, side by side, once per place they
// come from.

import type { Painted } from './first-paint.js';
import { pause } from './frames.js';
import { tryWasm, watchPolicy } from './policy.js';
import steps from 'railhead:steps.css';

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
  /** `same`: to what is on the page it makes no difference. */
  update(options: object, same?: boolean): void;
  destroy(): void;
}

/** What the loader has prepared for the widget. */
export interface ShellParts {
  host: HTMLElement;
  root: ShadowRoot;
  /** Absent where what was asked for is not what the widget is to begin with. */
  session: Promise<Response> | undefined;
  /** Keeps the page behind a modal from scrolling, or no longer does. */
  lock(locked: boolean): void;
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
  /** Has its later part come, where it is in parts. */
  later?: (() => Promise<unknown>) | undefined;
}

interface Glue extends Pick<Widget, 'init'> {
  /** The stylesheet of later steps, where those come later; empty until then. */
  laterSheet?: CSSStyleSheet;
  /** Asks for the later part, ahead of the widget. */
  warm?(): void;
  /** Has it come, once the widget runs. */
  later?(): Promise<unknown>;
  default(source: { module_or_path: Promise<WebAssembly.Module> }): Promise<unknown>;
}

interface Load {
  files: Files | Promise<Files>;
  sheet: Promise<CSSStyleSheet>;
  widget?: Promise<Widget>;
}

const loads = new Map<string, Load>();
let failures = 0;

/**
 * Loads the widget, or returns the load that is under way or done. A failed load is forgotten, so that the next call tries again.
 * Fails with `Refused` where the page's policy is the reason. The browser works on the WebAssembly once it is `calm`.
 */
export function loadWidget(places: Places, calm?: Promise<unknown>): Promise<Widget> {
  const load = find(places);
  if (!load.widget) {
    load.widget = start(places, load, calm);
    load.widget.catch(() => {
      const key = keyOf(places);
      if (loads.get(key) !== load) return;
      loads.delete(key);
      failures += 1;
    });
  }
  return load.widget;
}

/** The stylesheet of the first steps, which they need before the code. It is asked for at once. */
export function loadStyles(places: Places): Promise<CSSStyleSheet> {
  return find(places).sheet;
}

function find(places: Places): Load {
  const key = keyOf(places);
  const load = loads.get(key) ?? begin(places);
  loads.set(key, load);
  return load;
}

function keyOf({ scriptUrl, apiUrl }: Places): string {
  return scriptUrl ?? apiUrl;
}

/** Where the files of a build are. */
export interface Files {
  /** The stylesheet of the first steps, where it is not in the loader. */
  styles?: string;
  glue: string;
  wasm: string;
  /** The packs, by language: beside the code. An older server has none. */
  packs?: Readonly<Record<string, string>>;
}

/** Finds out where the files are: compiled in with the script build, asked of the server with the npm build. */
export function locate(places: Places): Files | Promise<Files> {
  if (!RAILHEAD_FILES) return import_(`${places.apiUrl}/railhead-widget.js`) as Promise<Files>;
  const { glue, wasm, packs } = RAILHEAD_FILES;
  return { glue: beside(glue, places), wasm: beside(wasm, places), packs };
}

function begin(places: Places): Load {
  const files = locate(places);
  // In the loader it is read once the shell stands.
  const text = steps ? pause().then(() => steps) : among(files, ({ styles }) => get(styles!)).then((answer) => answer.text());
  const sheet = text.then(readStyles);
  sheet.catch(() => {});
  return { files, sheet };
}

function start(places: Places, { files, sheet }: Load, calm: Promise<unknown> | undefined): Promise<Widget> {
  const glue = among(files, ({ glue }) => import_(glue) as Promise<Glue>);
  const module = among(files, ({ wasm }) => compile(wasm, calm));
  // When the line is free again, and not when the widget has come to ask for it.
  module.then(() => glue).then(({ warm }) => warm?.(), () => {});
  return run(places, glue, module, sheet);
}

/** Asks for one of the files: within this very call, where it is known which. */
function among<T>(files: Files | Promise<Files>, ask: (files: Files) => Promise<T>): Promise<T> {
  return files instanceof Promise ? files.then(ask) : ask(files);
}

async function run(places: Places, glue: Promise<Glue>, module: Promise<WebAssembly.Module>, sheet: Promise<CSSStyleSheet>): Promise<Widget> {
  const watch = watchPolicy(places.apiUrl, ['script-src', 'connect-src']);
  try {
    tryWasm();
    const { default: start, init, laterSheet, later } = await glue;
    await start({ module_or_path: module });
    const sheets = [await sheet];
    if (laterSheet) sheets.push(laterSheet);
    return { init, sheets, later };
  } catch (error) {
    throw (await watch.refusal(error)) ?? error;
  } finally {
    watch.end();
  }
}

export function beside(name: string, { scriptUrl, apiUrl }: Places): string {
  return new URL(name, scriptUrl ?? `${apiUrl}/`).href;
}

/** Imports a module at run time, past the host's bundler. */
function import_(url: string): Promise<unknown> {
  // A browser may remember that a module failed to load; another address makes it ask again.
  const address = failures ? `${url}?attempt=${failures}` : url;
  return import(/* webpackIgnore: true */ /* @vite-ignore */ address);
}

function readStyles(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

async function compile(url: string, calm: Promise<unknown> | undefined): Promise<WebAssembly.Module> {
  const answer = await get(url);
  await calm;
  return WebAssembly.compileStreaming(answer);
}

async function get(url: string): Promise<Response> {
  const answer = await fetch(url, { credentials: 'omit' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer;
}

// Loads the widget's code: the JavaScript glue and the WebAssembly, side by side, once per place they come from.

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
}

/** The widget's module. */
export interface Widget {
  init(
    widgetId: string,
    businessName: string | undefined,
    options: object,
    shell: ShellParts,
  ): Handle;
}

interface Glue extends Widget {
  default(source: { module_or_path: Promise<WebAssembly.Module> }): Promise<unknown>;
}

const loads = new Map<string, Promise<Widget>>();
let failures = 0;

/** Loads the widget, or returns the load that is under way or done. A failed load is forgotten, so that the next call tries again. */
export function loadWidget(places: Places): Promise<Widget> {
  const key = places.scriptUrl ?? places.apiUrl;
  const load = loads.get(key) ?? start(places);
  loads.set(key, load);
  load.catch(() => {
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

async function start(places: Places): Promise<Widget> {
  const files = await locate(places);
  const module = compile(files.wasm);
  module.catch(() => {});
  const glue = (await import_(files.glue)) as Glue;
  await glue.default({ module_or_path: module });
  return glue;
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

// What build.mjs compiles in.

/** The version of this package. */
declare const RAILHEAD_VERSION: string;

/** In the script build, the hashed names of the widget's files beside railhead.js; `null` in the npm build. */
declare const RAILHEAD_FILES: {
  readonly glue: string;
  readonly wasm: string;
  readonly packs: Readonly<Record<string, string>>;
} | null;

/** The text of style/tokens.css and style/shell.css, minified. */
declare module 'railhead:shell.css' {
  const text: string;
  export default text;
}

/** The text of the stylesheet of the first steps, minified; in the npm build empty, since that comes from the server. */
declare module 'railhead:steps.css' {
  const text: string;
  export default text;
}

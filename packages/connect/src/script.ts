// railhead.js, the script tag: defines window.Railhead and, told by data attributes, starts the widget by itself.

import { describe } from './attributes.js';
import { loadWidget } from './assets.js';
import { defineElementWith } from './element.js';
import { createInit, type Init } from './init.js';
import type { Connect } from './instance.js';

/** For other scripts of ours only. */
const SERVER: unique symbol = Symbol.for('railhead.server') as never;

/** `window.Railhead` */
export interface Railhead {
  init: Init;
  version: string;
  /** The server that its script came from. */
  [SERVER]: string | undefined;
  /** The widget that the last script tag with `data-widget-id` started; `null` without one. */
  started: Promise<Connect | null> | null;
}

declare global {
  interface Window {
    Railhead?: Railhead;
  }
}

// Anything on the page with the name `currentScript` would stand in its place. As a module it has none.
const { currentScript } = document;
const script =
  currentScript instanceof HTMLScriptElement ? currentScript : document.querySelector<HTMLScriptElement>('script[src*="/railhead.js"]');
const scriptUrl = script?.src || undefined;
const apiUrl = scriptUrl && new URL(scriptUrl).origin;

// A second script tag of the same version, from the same server, shares the first one's instances.
const { Railhead: other } = window;
const present = other?.version === RAILHEAD_VERSION && other[SERVER] === apiUrl ? other : null;
const railhead: Railhead = present ?? { init: createInit({ apiUrl, scriptUrl }), version: RAILHEAD_VERSION, [SERVER]: apiUrl, started: null };
window.Railhead = railhead;

const { widgetId, businessName, options } = describe({ ...script?.dataset });
if (widgetId !== undefined) {
  railhead.started = start(widgetId);
  railhead.started.catch((error: unknown) => console.error(error));
}
defineElementWith(railhead.init, 'railhead-connect');

/** Starts the widget as soon as the place it goes to has been parsed. */
async function start(widgetId: string): Promise<Connect | null> {
  const { container } = options;
  if (document.readyState === 'loading' && !(container ? document.querySelector(container as string) : document.body)) {
    if (options.isolation !== 'frame') loadWidget({ apiUrl: options.apiUrl ?? apiUrl ?? location.origin, scriptUrl }).catch(() => {});
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  }
  return railhead.init(widgetId, businessName, options);
}

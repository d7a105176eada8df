// railhead.js, the script tag: defines window.Railhead and, told by data attributes, starts the widget by itself.

import { describe } from './attributes.js';
import { loadWidget } from './assets.js';
import { defineElementWith } from './element.js';
import { createInit, type Init } from './init.js';
import type { Connect } from './instance.js';

/** `window.Railhead` */
export interface Railhead {
  init: Init;
  version: string;
  /** The widget that the last script tag with `data-widget-id` started; `null` without one. */
  started: Promise<Connect | null> | null;
}

declare global {
  interface Window {
    Railhead?: Railhead;
  }
}

const script = document.currentScript as HTMLScriptElement | null;
const scriptUrl = script?.src || document.querySelector<HTMLScriptElement>('script[src*="/railhead.js"]')?.src;
const apiUrl = scriptUrl && new URL(scriptUrl).origin;

// A second script tag of the same version shares the first one's instances.
const present = window.Railhead?.version === RAILHEAD_VERSION ? window.Railhead : null;
const railhead: Railhead = present ?? { init: createInit({ apiUrl, scriptUrl }), version: RAILHEAD_VERSION, started: null };
window.Railhead = railhead;
defineElementWith(railhead.init, 'railhead-connect');

const { widgetId, businessName, options } = describe({ ...script?.dataset });
if (widgetId !== undefined) {
  railhead.started = start(widgetId);
  railhead.started.catch((error: unknown) => console.error(error));
}

/** Starts the widget as soon as the place it goes to has been parsed. */
async function start(widgetId: string): Promise<Connect | null> {
  const place = options.container ?? 'body';
  if (document.readyState === 'loading' && !document.querySelector(place as string)) {
    if (options.isolation !== 'frame') loadWidget({ apiUrl: options.apiUrl ?? apiUrl ?? location.origin, scriptUrl }).catch(() => {});
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  }
  return railhead.init(widgetId, businessName, options);
}

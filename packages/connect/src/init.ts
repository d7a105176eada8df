// `init`: checks what the loader itself needs, and keeps one instance per container.

import type { Places } from './assets.js';
import { ConnectError } from './errors.js';
import { createInstance, type Connect, type Instance, type Subject } from './instance.js';
import type { Callbacks, Options } from './options.js';

/**
 * Shows the widget on the page.
 *
 * The promise resolves as soon as the shell is drawn; the widget's code follows by itself. Called again for the same container
 * (or, without one, for the same widget and business) it updates and opens what is there. On a server it resolves to `null`.
 *
 * @param widgetId     The widget, `wid_…`.
 * @param businessName Whose accounts are connected: 2 to 40 characters. Generated when absent.
 * @param options      See {@link Options}.
 * @throws {ConnectError} as a rejection, when an argument cannot be used.
 */
export type Init = (widgetId: string, businessName?: string | null, options?: Options | null) => Promise<Connect | null>;

interface Entry extends Instance {
  key: string;
}

const CALLBACKS = ['onLoad', 'onOpen', 'onSelect', 'onConnect', 'onError', 'onExit', 'onEvent'] as const satisfies (keyof Callbacks)[];

/** Makes an `init` whose options default to these places. */
export function createInit(defaults: Partial<Places>): Init {
  const inline = new WeakMap<Element, Entry>();
  const modal = new Map<string, Entry>();

  return async function init(widgetId, businessName, options) {
    if (typeof document === 'undefined') return null;
    const { subject, checked } = check(widgetId, businessName ?? undefined, options ?? {}, defaults);
    const { container } = subject;
    const key = JSON.stringify([subject.widgetId, subject.businessName, subject.places.apiUrl]);
    const present = container ? inline.get(container) : modal.get(key);
    if (present?.key === key && present.isAttached()) {
      present.connect.update(checked);
      if (checked.open !== false) present.connect.open();
      return present.connect;
    }
    present?.connect.destroy();

    const forget = () => (container ? inline.delete(container) : modal.delete(key));
    const entry = { key, ...createInstance(subject, checked, Promise.resolve(), forget) };
    if (container) inline.set(container, entry);
    else modal.set(key, entry);
    return entry.connect;
  };
}

function check(widgetId: unknown, businessName: unknown, options: Options, defaults: Partial<Places>): { subject: Subject; checked: Options } {
  if (typeof widgetId !== 'string' || !widgetId.trim()) refuse('widgetId', 'has to be the id of your widget, "wid_…"');
  if (businessName !== undefined && typeof businessName !== 'string') refuse('businessName', 'has to be text');
  if (typeof options !== 'object') refuse('options', 'has to be an object');
  for (const name of CALLBACKS) {
    if (options[name] != null && typeof options[name] !== 'function') refuse(name, 'has to be a function');
  }
  const container = findContainer(options.container);
  const apiUrl = findApi(options.apiUrl, defaults);
  const { container: _, ...rest } = options;
  return {
    subject: {
      widgetId: widgetId.trim(),
      businessName,
      container,
      places: { apiUrl, scriptUrl: defaults.scriptUrl },
    },
    checked: { ...rest, ...absolute('successUrl', options.successUrl), ...absolute('closeUrl', options.closeUrl) },
  };
}

function findContainer(container: Options['container']): Element | null {
  if (container == null) return null;
  if (container instanceof Element) return container;
  if (typeof container !== 'string') refuse('container', 'has to be an element or a selector');
  let element: Element | null = null;
  try {
    element = document.querySelector(container);
  } catch {
    refuse('container', `is not a valid selector: ${container}`);
  }
  return element ?? refuse('container', `matches nothing on the page: ${container}`);
}

function findApi(given: unknown, defaults: Partial<Places>): string {
  const text = given ?? defaults.apiUrl ?? location.origin;
  if (typeof text !== 'string' || !URL.canParse(text) || !/^https?:/.test(text)) {
    refuse('apiUrl', 'has to be the address of your Railhead server, for example "https://connect.example.com"');
  }
  return text.replace(/\/+$/, '');
}

/** Addresses of the host's own pages may be written relative to the page. */
function absolute(name: 'successUrl' | 'closeUrl', url: unknown): Partial<Options> {
  return typeof url === 'string' && URL.canParse(url, document.baseURI) ? { [name]: new URL(url, document.baseURI).href } : {};
}

function refuse(option: string, rule: string): never {
  throw new ConnectError('invalid_request', `Railhead: \`${option}\` ${rule}.`, option);
}

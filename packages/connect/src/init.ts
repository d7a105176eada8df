// `init`: checks what the loader itself needs, and keeps one instance per container.

import type { Places } from './assets.js';
import { ConnectError } from './errors.js';
import { pause } from './frames.js';
import { begin, createInstance, type Connect, type Instance, type Subject } from './instance.js';
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

/** What stands in a container, or is coming there. */
type Entries<Place> = { get(place: Place): Promise<Entry> | undefined; set(place: Place, entry: Promise<Entry>): unknown; delete(place: Place): unknown };

const CALLBACKS = [
  'onLoad',
  'onOpen',
  'onSelect',
  'onAuthorization',
  'onConnect',
  'onError',
  'onRedirect',
  'onExit',
  'onEvent',
] as const satisfies (keyof Callbacks)[];

/** Makes an `init` whose options default to these places. */
export function createInit(defaults: Partial<Places>): Init {
  const inline: Entries<Element> = new WeakMap();
  const modal: Entries<string> = new Map();

  return async function init(widgetId, businessName, options) {
    if (typeof document === 'undefined') return null;
    // A dialog is put at the end of a body.
    if (options?.container == null && !document.body) await new Promise((resolve) => addEventListener('DOMContentLoaded', resolve, { once: true }));
    const { subject, checked } = check(widgetId, businessName ?? undefined, options ?? {}, defaults);
    const { container } = subject;
    const key = JSON.stringify([subject.widgetId, subject.businessName, subject.places.apiUrl]);
    return container ? enter(inline, container) : enter(modal, key);

    async function enter<Place>(entries: Entries<Place>, place: Place): Promise<Connect> {
      const former = entries.get(place);
      const entry = former ? former.then(follow, make) : make();
      const forget = () => entries.get(place) === entry && entries.delete(place);
      entries.set(place, entry);
      entry.catch(forget);
      return (await entry).connect;

      /** Goes on with what is there, if it is the same. */
      async function follow(present: Entry): Promise<Entry> {
        // Whoever waited for it, too, may take it away again: a framework that mounts everything twice.
        await pause();
        if (present.key !== key || !present.isAttached()) {
          present.connect.destroy();
          return make();
        }
        present.connect.update(checked);
        if (checked.open !== false) present.connect.open();
        return present;
      }

      async function make(): Promise<Entry> {
        // What has to come from the server is asked for at once. Drawing is a task of its own, so that none takes long.
        const begun = begin(subject, checked);
        await pause();
        return { key, ...createInstance(subject, checked, begun, Promise.resolve(), () => forget()) };
      }
    }
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
      // Who has no name for a business has none given.
      businessName: businessName?.trim() ? businessName : undefined,
      container,
      places: { apiUrl, scriptUrl: defaults.scriptUrl },
    },
    checked: rest,
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

function refuse(option: string, rule: string): never {
  throw new ConnectError('invalid_request', `Railhead: \`${option}\` ${rule}.`, option);
}

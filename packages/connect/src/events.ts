// Takes events from the widget (and, before it runs, from the loader) to the host page's listeners and callbacks.

import type { Callbacks } from './options.js';
import type { ErrorCode, Event } from './protocol.generated.js';

/** The code of an `error` event: the protocol's, and `load_failed` when the widget itself could not be loaded. */
export type ConnectErrorCode = ErrorCode | 'load_failed';

/** What each event carries; never a credential. */
export type EventDetails = {
  [Name in Event['type']]: Name extends 'error'
    ? Omit<Detail<'error'>, 'code'> & { code: ConnectErrorCode }
    : Name extends 'connect'
      ? Detail<'connect'> & { metadata?: Record<string, unknown> }
      : Detail<Name>;
};

type Detail<Name extends Event['type']> = Extract<Event, { type: Name }>['detail'];

/** The name of an event. */
export type EventName = keyof EventDetails;

/** An event as `onEvent` gets it: `type` says which, `detail` what. */
export type AnyEvent = { [Name in EventName]: { type: Name; detail: EventDetails[Name] } }[EventName];

/** The listener of each event. */
export type EventListeners = { [Name in EventName]: (detail: EventDetails[Name]) => void };

/** One widget's listeners. */
export interface Events {
  on<Name extends EventName>(event: Name, listener: EventListeners[Name]): () => void;
  emit<Name extends EventName>(event: Name, detail: EventDetails[Name]): void;
}

const NAMES = ['load', 'open', 'select', 'authorization', 'connect', 'error', 'redirect', 'exit'] as const satisfies EventName[];

/**
 * Holds events back until `ready` is settled and the code waiting for it has run, so that a listener added right after
 * `await init(…)` misses nothing; from then on they are delivered at once.
 */
export function createEvents(callbacks: () => Callbacks, ready: Promise<unknown>): Events {
  const listeners = new Map<EventName, Set<(detail: never) => void>>();
  let held: (() => void)[] | null = [];
  const release = () => {
    // What they bring about is delivered after them.
    for (const deliver of held ?? []) deliver();
    held = null;
  };
  // A timer, because the page's own continuations of `ready` are microtasks and come first.
  ready.then(() => setTimeout(release));

  function deliver(name: EventName, detail: never) {
    const options = callbacks();
    const own = options[`on${name[0]!.toUpperCase()}${name.slice(1)}` as keyof Callbacks] as ((detail: never) => void) | undefined;
    attempt(() => options.onEvent?.({ type: name, detail }));
    if (own) attempt(() => own(detail));
    for (const listener of [...(listeners.get(name) ?? [])]) attempt(() => listener(detail));
  }

  return {
    on(name, listener) {
      if (!NAMES.includes(name)) throw new TypeError(`Railhead has no event "${name}"; there are ${NAMES.join(', ')}.`);
      if (typeof listener !== 'function') throw new TypeError(`The listener of "${name}" has to be a function.`);
      // Wrapped, so that the same function added twice is two listeners with two ways to stop.
      const entry = (detail: never) => listener(detail);
      const entries = listeners.get(name) ?? new Set();
      listeners.set(name, entries.add(entry));
      return () => void entries.delete(entry);
    },
    emit(name, detail) {
      const run = () => deliver(name, detail as never);
      if (held) held.push(run);
      else run();
    },
  };
}

/** A listener that throws is the host page's bug: reported as any other, and no reason to stop. */
function attempt(listener: () => unknown) {
  try {
    listener();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

// One widget on a page: the shell at once, the running widget as soon as it is there, and what the host page asks of them.

import { loadStyles, loadWidget, type Embedder, type Handle, type Places, type Widget } from './assets.js';
import { runElsewhere } from './elsewhere.js';
import { createEvents, type EventDetails, type EventListeners, type EventName } from './events.js';
import { createFirstPaint, wishes } from './first-paint.js';
import { loadPack, negotiate, type Speech, type Spoken } from './language.js';
import { remembered } from './memory.js';
import type { Messages } from './messages.generated.js';
import type { Options } from './options.js';
import { adviseOnce, Refused } from './policy.js';
import { startSession } from './session.js';
import { drawShell } from './shell.js';

/** The handle that `init` answers with. */
export interface Connect {
  /** Shows the widget. Before its code has arrived, shows the shell. */
  open(): void;
  /** Hides the widget, as its close button does. */
  close(): void;
  /** Changes options; those that are left out stay as they are. */
  update(options: Partial<Options>): void;
  /** Removes the widget and everything it made. */
  destroy(): void;
  /** Listens to an event. Returns a function that stops it. */
  on<Name extends EventName>(event: Name, listener: EventListeners[Name]): () => void;
}

/** Where the widget's code is with us. */
type Phase = { name: 'loading' } | { name: 'running'; handle: Handle } | { name: 'failed' } | { name: 'destroyed' };

/** A widget on the page, as `init` keeps it. */
export interface Instance {
  connect: Connect;
  /** Is it still on the page? Hosts empty containers and replace bodies without a word. */
  isAttached(): boolean;
}

/** What an instance is made for. */
export interface Subject {
  widgetId: string;
  businessName: string | undefined;
  container: Element | null;
  places: Places;
  /** The page that embeds the widget, where that is not this one, and the session it has asked for; see frame.ts. */
  embedder?: Embedder & { session: Promise<Response> };
}

/** The options without what concerns the loader alone: the place, and the callbacks, which `events` serves. */
function forWidget(options: Options): object {
  const entries = Object.entries(options).filter(([name, value]) => name !== 'container' && typeof value !== 'function');
  return Object.fromEntries(entries);
}

/** For how long the WebAssembly may have to wait for the first step to be on the page, in milliseconds. */
const CALM = 1000;
/** For how long the widget's code, once it is there, waits for the sentences, in milliseconds, English being better than nothing; and for
 * its later part. */
const PATIENCE = 3000;

function pause(milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Draws the shell and starts session and code. `onDestroy` runs once. */
export function createInstance(subject: Subject, initial: Options, ready: Promise<unknown>, onDestroy: () => void): Instance {
  let options = initial;
  let phase: Phase = { name: 'loading' };
  let visible = false;
  let request: AbortController | null = null;
  // In a frame the host page has asked.
  let handed = subject.embedder?.session;
  const events = createEvents(() => options, ready);
  let speech = negotiate(options.locale);
  let spoken: Spoken | null = null;
  // What the first step waits for is asked for before anything is drawn, and has the line for itself until then.
  let first = handed ? undefined : requestSession();
  if (options.isolation !== 'frame') loadStyles(subject.places).catch(() => {});
  const shell = drawShell(subject.container, options, speech, { onClose: closed, onRetry: load });

  const firstPaint = createFirstPaint(shell, subject.places, {
    isAwaited: () => phase.name === 'loading',
    current: () => options,
    onClose: () => connect.close(),
  });

  function requestSession() {
    request?.abort();
    request = new AbortController();
    const { widgetId, businessName, places } = subject;
    // What is no text is left out here, and named by the widget.
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    const visit = remembered(places.apiUrl, widgetId, businessName);
    const about = { widgetId, businessName, sessionToken: text(options.sessionToken) ?? visit.sessionToken, locale: speech.locale };
    // In a frame the host page has asked; a page that is not to run the widget has nothing to show by itself.
    // Nor has a visit that goes on somewhere else than at its first step.
    const here = !subject.embedder && options.isolation !== 'frame' && !visit.underWay;
    const paint = here ? wishes(options, subject.container === null, places.apiUrl) : undefined;
    return startSession(places.apiUrl, { ...about, paint }, request.signal, subject.embedder?.origin);
  }

  /** Fetches the sentences of the language in force, and has them spoken when they are there. */
  async function speak(): Promise<void> {
    const asked = speech;
    const loaded = await loadPack(subject.places, asked);
    if (speech !== asked || phase.name === 'destroyed') return;
    spoken = loaded;
    shell.speak(loaded, options);
    if (phase.name === 'running') phase.handle.update(voice());
  }

  /** Language and sentences, as the widget takes them. */
  function voice(): Speech & { pack: Messages } {
    const { language, words } = spoken ?? { language: 'en', words: {} };
    return { locale: speech.locale, language, pack: words };
  }

  /** Passes an event on; `open` and `exit` once per opening, whoever of loader and widget saw it first. */
  function report<Name extends EventName>(name: Name, detail: EventDetails[Name]) {
    if (name === 'open' || name === 'exit') {
      if (visible === (name === 'open')) return;
      visible = !visible;
    }
    events.emit(name, detail);
  }

  function closed() {
    firstPaint.leave();
    report('exit', { reason: 'closed', connections: [] });
  }

  async function load() {
    phase = { name: 'loading' };
    shell.showSkeleton();
    // At each attempt anew: what kept the code away may have kept the session away too.
    const { widgetId, businessName, places } = subject;
    // What this tab remembers of a visit goes before what begins a new one.
    const given = remembered(places.apiUrl, widgetId, businessName).sessionToken ? undefined : handed;
    const session = first ?? (given ? given.catch(requestSession) : requestSession());
    first = handed = undefined;
    // Each piece of the WebAssembly that comes keeps the browser from drawing for a moment.
    const calm = subject.embedder ? undefined : Promise.race([firstPaint.show(session, options, speech.language), pause(CALM)]);
    const sentences = spoken?.locale === speech.locale && spoken.language === speech.language ? null : speak();
    if (options.isolation === 'frame' && !subject.embedder) return goElsewhere(session);
    const widget = await loadWidget(subject.places, calm).catch((error: unknown) => {
      const stays = options.isolation === 'shadow' || subject.embedder;
      if (!(error instanceof Refused)) return fail(error);
      adviseOnce(error, stays ? 'it is not shown' : `it goes on in a frame of ${subject.places.apiUrl}`);
      if (stays) fail(error);
      else if (phase.name === 'loading') goElsewhere(session);
    });
    const patience = pause(PATIENCE);
    if (widget && sentences) await Promise.race([sentences, patience]);
    // Whoever is ahead is met there.
    if (widget?.later && firstPaint.isAhead()) await Promise.race([widget.later(), patience]);
    if (widget && phase.name === 'loading') run(widget, session);
  }

  function run(widget: Widget, session: Promise<Response>) {
    const { host, root } = shell;
    const { language } = voice();
    const painted = firstPaint.take(language);
    const settings = {
      ...forWidget(painted?.options ?? options),
      ...voice(),
      open: visible,
      apiUrl: subject.places.apiUrl,
      onEvent: (name: EventName, detail: unknown) => report(name, detail as never),
    };
    try {
      shell.dress(widget.sheets);
      const parts = { host, root, session, painted, embedder: subject.embedder };
      const handle = widget.init(subject.widgetId, subject.businessName, settings, parts);
      shell.handOver();
      phase = { name: 'running', handle };
      // The widget has begun with the options that the server knew.
      if (painted && painted.options !== options) handle.update(forWidget({ ...options, locale: undefined }));
      painted?.replay();
    } catch (error) {
      refuse(error);
    }
  }

  /** The widget refuses what it was told; trying again would not help, and nothing half-done stays. */
  function refuse(error: unknown) {
    console.error('Railhead:', error);
    report('error', { code: 'invalid_request', message: error instanceof Error ? error.message : String(error), recoverable: false });
    connect.destroy();
  }

  /** Where the page cannot run the widget, a page of the API's own does. */
  function goElsewhere(session: Promise<Response>) {
    // What was painted is not taken up here.
    firstPaint.take('');
    firstPaint.take('');
    const handle = runElsewhere({
      subject,
      shell,
      session,
      settings: () => ({ ...forWidget(options), locale: speech.locale, open: visible }),
      report,
      refuse,
      fail(error) {
        phase = { name: 'loading' };
        fail(error);
      },
    });
    phase = { name: 'running', handle };
    if (visible) handle.open();
  }

  function fail(error: unknown) {
    if (phase.name !== 'loading') return;
    phase = { name: 'failed' };
    const { apiUrl } = subject.places;
    const message = `The widget could not be loaded from ${apiUrl}. If your Railhead server is elsewhere, set \`apiUrl\`.`;
    console.error(`Railhead: ${message}`, error);
    shell.showFailure();
    report('error', { code: navigator.onLine ? 'load_failed' : 'offline', message, recoverable: true });
  }

  const connect: Connect = {
    open() {
      if (phase.name === 'destroyed') return;
      if (phase.name === 'running') return phase.handle.open();
      shell.show();
      report('open', {});
      if (phase.name === 'failed') void load();
    },
    close() {
      if (phase.name === 'running') phase.handle.close();
      else if (phase.name !== 'destroyed') shell.hide();
    },
    update(change) {
      options = { ...options, ...change };
      if (phase.name === 'running') phase.handle.update(forWidget({ ...change, locale: undefined }));
      else if (phase.name !== 'destroyed') shell.paint(options);
      const next: Speech = negotiate(options.locale);
      if (next.locale !== speech.locale) {
        speech = next;
        void speak();
      } else if (change.messages && phase.name !== 'destroyed') {
        shell.speak(spoken ?? { ...speech, words: {} }, options);
      }
    },
    destroy() {
      if (phase.name === 'destroyed') return;
      if (phase.name === 'running') phase.handle.destroy();
      phase = { name: 'destroyed' };
      request?.abort();
      shell.remove();
      closed();
      onDestroy();
    },
    on: events.on,
  };

  if (options.open !== false) connect.open();
  void load();
  return { connect, isAttached: () => shell.host.isConnected };
}

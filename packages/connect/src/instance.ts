// One widget on a page: the shell at once, the running widget as soon as it is there, and what the host page asks of them.

import { loadStyles, loadWidget, type Embedder, type Handle, type Places, type Widget } from './assets.js';
import { runElsewhere } from './elsewhere.js';
import { createEvents, type EventDetails, type EventListeners, type EventName } from './events.js';
import { createFirstPaint, wishes } from './first-paint.js';
import { pause } from './frames.js';
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

/** A session that was asked for. */
interface Asked {
  session: Promise<Response>;
  /** With this token of the host page's. */
  token: unknown;
  /** Gives it up. */
  abort(): void;
}

/** What was asked for before anything is drawn. */
export interface Begun {
  speech: Speech;
  /** In a frame the host page asks. */
  asked: Asked | undefined;
}

/** Asks for what the first step waits for, which has the line for itself until then. */
export function begin(subject: Subject, options: Options): Begun {
  const speech = negotiate(options.locale);
  const asked = subject.embedder?.session ? undefined : askSession(subject, settled(options), speech.locale);
  if (options.isolation !== 'frame') loadStyles(subject.places).catch(() => {});
  return { speech, asked };
}

function askSession({ widgetId, businessName, container, places, embedder }: Subject, options: Options, locale: string): Asked {
  const request = new AbortController();
  const { sessionToken: token, isolation, metadata } = options;
  const visit = remembered(places.apiUrl, widgetId, businessName);
  // What is no text is left out here, and named by the widget.
  const sessionToken = typeof token === 'string' ? token : visit.sessionToken;
  const about = { widgetId, businessName, sessionToken, locale, metadata: written(metadata) };
  // A page that is not to run the widget has nothing to show by itself, and in a frame the host page has.
  // Nor has a visit that goes on somewhere else than at its first step.
  const here = !embedder && isolation !== 'frame' && !visit.underWay;
  const paint = here ? wishes(options, container === null, places.apiUrl) : undefined;
  const session = startSession(places.apiUrl, { ...about, paint }, request.signal, embedder?.origin);
  return { session, token, abort: () => request.abort() };
}

/** The most bytes of `metadata`, as JSON. */
const FACTS = 2048;

/** Facts of the host page's own, written down; what can't be is named by the widget. */
function written(metadata: unknown): string | undefined {
  if (!metadata || typeof metadata !== 'object' || Array.isArray(metadata)) return undefined;
  try {
    const text = JSON.stringify(metadata);
    return new Blob([text]).size > FACTS ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Addresses of the host's own pages may be written relative to the page: here for good, as the widget may run on another. */
function settled(options: Options): Options {
  const absolute = (url: unknown) => (typeof url === 'string' && URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : url);
  const found: Record<string, unknown> = { ...options };
  for (const name of ['successUrl', 'closeUrl', 'logo']) if (found[name]) found[name] = absolute(found[name]);
  const { links } = options;
  if (links && typeof links === 'object') {
    found['links'] = Object.fromEntries(Object.entries(links).map(([name, url]) => [name, url && absolute(url)]));
  }
  return found;
}

/** Draws the shell and starts the code. `onDestroy` runs once. */
export function createInstance(subject: Subject, initial: Options, begun: Begun, ready: Promise<unknown>, onDestroy: () => void): Instance {
  let options = settled(initial);
  let phase: Phase = { name: 'loading' };
  let visible = false;
  let { speech, asked } = begun;
  // In a frame the host page has asked.
  let handed = subject.embedder?.session;
  let isFirst = true;
  const events = createEvents(() => options, ready);
  let spoken: Spoken | null = null;
  const shell = drawShell(subject.container, options, speech, { onClose: left, onRetry: load });

  const firstPaint = createFirstPaint(shell, subject.places, {
    isAwaited: () => phase.name === 'loading',
    current: () => options,
    onClose: () => connect.close(),
  });

  function requestSession(): Promise<Response> {
    asked?.abort();
    asked = askSession(subject, options, speech.locale);
    return asked.session;
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

  /** The person has left before there was a widget, which would do the same. */
  function left() {
    const was = visible;
    closed();
    const page = subject.embedder?.page ?? location.href;
    const own = (url: string | undefined) => (url && URL.canParse(url) && new URL(url).origin === new URL(page).origin ? url : undefined);
    const url = was && (own(options.closeUrl) ?? firstPaint.closeUrl());
    if (!url) return;
    if (subject.embedder) subject.embedder.go(url);
    else location.assign(url);
  }

  async function load() {
    phase = { name: 'loading' };
    shell.showSkeleton();
    // At each attempt anew: what kept the code away may have kept the session away too.
    const { widgetId, businessName, places } = subject;
    // What this tab remembers of a visit goes before what begins a new one.
    const given = remembered(places.apiUrl, widgetId, businessName).sessionToken ? undefined : handed;
    const begun = isFirst ? asked?.session : undefined;
    const session = begun ?? (given ? given.catch(requestSession) : requestSession());
    handed = undefined;
    isFirst = false;
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

  /** Is the session what is meant by now? With another token it is another. */
  const isMeant = () => !asked || asked.token === options.sessionToken;
  /** What the nodes of the first step depend on. */
  const wanted = (given: Options) => wishes(given, shell.modal, subject.places.apiUrl);

  function run(widget: Widget, session: Promise<Response>) {
    const { host, root } = shell;
    const { language } = voice();
    const painted = firstPaint.take(isMeant() ? language : '');
    // What changes nothing about the nodes counts from the beginning.
    const isSame = painted && wanted(painted.options) === wanted(options);
    const settings = {
      ...forWidget(painted && !isSame ? painted.options : options),
      ...voice(),
      open: visible,
      apiUrl: subject.places.apiUrl,
      onEvent: (name: EventName, detail: unknown) => report(name, detail as never),
    };
    try {
      shell.dress(widget.sheets);
      const parts = { host, root, session: isMeant() ? session : undefined, painted, embedder: subject.embedder, lock: shell.lock };
      const handle = widget.init(subject.widgetId, subject.businessName, settings, parts);
      // A listener may have had enough by then.
      if ((phase as Phase).name === 'destroyed') return handle.destroy();
      shell.handOver();
      phase = { name: 'running', handle };
      // The widget has begun with the options that the server knew.
      if (painted && !isSame) handle.update(forWidget({ ...options, locale: undefined }));
      painted?.replay();
    } catch (error) {
      refuse(error);
    }
  }

  /** The widget refuses what it was told; trying again would not help, and nothing half-done stays. */
  function refuse(error: unknown) {
    warn(error, false);
    connect.destroy();
  }

  /** What it was told can't be used, and it goes on without, or not. */
  function warn(error: unknown, recoverable = true) {
    console.error('Railhead:', error);
    report('error', { code: 'invalid_request', message: error instanceof Error ? error.message : String(error), recoverable });
  }

  /** Where the page cannot run the widget, a page of the API's own does. */
  function goElsewhere(session: Promise<Response>) {
    // What was painted is not taken up here.
    firstPaint.take('');
    const handle = runElsewhere({
      subject,
      shell,
      session: isMeant() ? session : Promise.reject(new Error('another session is meant')),
      settings: () => ({ ...forWidget(options), locale: speech.locale, open: visible }),
      report,
      refuse,
      warn,
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
    update(given) {
      const change = settled(given);
      const before = wanted(options);
      options = { ...options, ...change };
      const isSame = before !== undefined && before === wanted(options);
      if (phase.name === 'running') phase.handle.update(forWidget({ ...change, locale: undefined }), isSame);
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
      asked?.abort();
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

// Runs the widget where the host page cannot keep it from running: in a frame of the API's origin or, where the page refuses
// frames too, in a window of its own. Both hold the page `/v1/connect/frame`, whose side of the talk is frame.ts.
//
// That page says hello to exactly the origins its widget is registered for. It is answered, once the browser vouches for window
// and origin, with one end of a channel, over which everything else goes.

import type { Handle } from './assets.js';
import type { EventDetails, EventName } from './events.js';
import type { Subject } from './instance.js';
import type { Options } from './options.js';
import { adviseOnce, watchPolicy } from './policy.js';
import { element, tokens, type Shell } from './shell.js';

/** What the host page tells the page in the frame or window. */
export interface Embed {
  type: 'railhead:embed';
  /** Its own address. */
  page: string;
  /** What the browser came back to it with from the service, where the widget left in its tab. */
  claim: string | undefined;
  widgetId: string;
  businessName: string | undefined;
  options: object;
  looks: Looks;
  modal: boolean;
}

/** What the widget would see of the host page's style if it stood on it. */
export interface Looks {
  scheme: string;
  tokens: Record<string, string>;
}

/** What goes over the channel, to the widget … */
export interface Order {
  session?: { status: number; body: string } | null;
  call?: 'open' | 'close';
  update?: object;
  looks?: Looks;
}

/** … and back. */
export interface News {
  event?: { type: EventName; detail: EventDetails[EventName] };
  height?: number;
  go?: string;
}

/** What is needed for it. */
export interface Elsewhere {
  subject: Subject;
  shell: Shell;
  session: Promise<Response>;
  settings(): Options;
  report<Name extends EventName>(name: Name, detail: EventDetails[Name]): void;
  /** Nobody answers: trying again may help. */
  fail(error: unknown): void;
  /** What it was told cannot be handed over. */
  refuse(error: unknown): void;
  /** Neither can this; it goes on as before. */
  warn(error: unknown): void;
}

const PATIENCE = 20_000;

/** Runs the widget elsewhere. */
export function runElsewhere({ subject, shell, session, settings, report, fail, refuse, warn }: Elsewhere): Handle {
  const { widgetId, businessName, container, places } = subject;
  const { origin } = new URL(places.apiUrl);
  const address = `${places.apiUrl}/v1/connect/frame?widgetId=${encodeURIComponent(widgetId)}`;
  const frame = element('iframe', { class: 'rh-elsewhere', referrerpolicy: 'origin', src: address });
  const ours = new AbortController();
  const { signal } = ours;
  let opened: Window | null = null;
  /** Has the widget in the frame been left? */
  let left = false;
  let port: MessagePort | undefined;
  let made: string[] = [];

  const answer = session.then(
    async (response) => ({ status: response.status, body: await response.text() }),
    () => null,
  );
  const tell = (order: Order) => port?.postMessage(order);
  const looks = (): Looks => {
    const style = getComputedStyle(shell.host);
    const found = tokens().map((name) => [name, style.getPropertyValue(name)]);
    return { scheme: style.colorScheme, tokens: Object.fromEntries(found.filter(([, value]) => value)) };
  };
  const patience = setTimeout(() => {
    end();
    fail(new Error(`${address} does not answer`));
  }, PATIENCE);
  const refusals = watchPolicy(places.apiUrl, ['frame-src'], (refused) => {
    clearTimeout(patience);
    adviseOnce(refused, 'it opens in a window of its own');
    frame.remove();
    shell.offerWindow(() => {
      if (opened && !opened.closed) opened.focus();
      else opened = open(address, '_blank', 'popup,width=480,height=760');
    });
  });

  addEventListener('message', hello, { signal });
  // Escape, while the focus is outside of the frame; and browsers that close a dialog without asking.
  shell.root.addEventListener('cancel', (event) => (event.preventDefault(), handle.close()), { capture: true, signal });
  shell.root.addEventListener('close', closed, { capture: true, signal });
  shell.place(frame);

  function hello({ source, origin: from, data }: MessageEvent) {
    const page = opened ?? frame.contentWindow;
    if (!page || source !== page || from !== origin || data?.type !== 'railhead:hello') return;
    clearTimeout(patience);
    refusals.end();
    // It says hello again when it is loaded again.
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data: news }) => hear(news);
    const embed: Embed = {
      type: 'railhead:embed',
      page: location.href,
      claim: takeClaim(),
      widgetId,
      businessName,
      options: settings(),
      looks: looks(),
      modal: !container,
    };
    try {
      page.postMessage(embed, origin, [channel.port2]);
    } catch (error) {
      // An option that cannot be copied: a function, or an element, where none belongs.
      return refuse(error);
    }
    void answer.then((session) => tell({ session }));
    if (frame.isConnected) shell.reveal(frame);
  }

  function hear({ event, height, go }: News) {
    if (height) frame.style.blockSize = `${height}px`;
    if (go && /^https?:/.test(go)) location.assign(go);
    if (!event) return;
    const { type, detail } = event;
    if (type === 'open') {
      made = [];
      show();
    }
    if (type === 'connect') made.push((detail as EventDetails['connect']).connectionId);
    report(type, detail);
    if (type !== 'exit') return;
    const { reason } = detail as EventDetails['exit'];
    shell.lock(false);
    // It leaves with the page; or rests, as a part of it.
    if (reason === 'redirected' || (reason === 'done' && container)) return;
    left = true;
    shell.hide();
  }

  function show() {
    left = false;
    shell.show();
  }

  function closed({ target }: Event) {
    // The event comes late: the dialog may be open again.
    if ((target as HTMLDialogElement).open) return;
    // It was hidden because the frame had left: to tell it so would close what was opened since.
    if (!left) tell({ call: 'close' });
  }

  function end() {
    ours.abort();
    clearTimeout(patience);
    refusals.end();
    frame.remove();
    port?.close();
  }

  const handle: Handle = {
    open() {
      show();
      report('open', {});
      tell({ call: 'open' });
    },
    close() {
      if (port && !opened?.closed) tell({ call: 'close' });
      else shell.hide();
    },
    update(change) {
      const all = settings();
      shell.paint(all);
      // The host page's own language decides, not that of the page in the frame.
      try {
        tell({ update: { ...change, locale: all.locale }, looks: looks() });
      } catch (error) {
        warn(error);
      }
    },
    destroy() {
      end();
      // In the frame or in the window, the page closes what it has opened when it goes.
      opened?.close();
      report('exit', { reason: 'closed', connections: made });
    },
  };
  return handle;
}

let brought: string | undefined;

/** Takes the claim out of the page's address, where histories and other scripts would see it; as src/app/memory.rs does it. */
function takeClaim(): string | undefined {
  const { pathname, search, hash } = location;
  const rest = search.replace(/([?&])railhead_claim=([^&]*)&?/, (_, before: string, claim: string) => ((brought = claim), before));
  if (rest !== search) history.replaceState(history.state, '', pathname + rest.replace(/[?&]$/, '') + hash);
  return brought;
}

// railhead-frame.js, on the page `/v1/connect/frame`: the widget in a frame of the API's origin, or in a window of its own, for a
// host page that cannot run it itself. The host page's side of the talk is elsewhere.ts.

import type { Embed, Looks, News, Order } from './elsewhere.js';
import type { Options } from './options.js';
import { begin, createInstance, type Subject } from './instance.js';
import { tokens } from './shell.js';

/** The widget's dialog is the whole frame; the card around it is the host page's. */
const FILLED = `dialog.rh-frame {
  inset: 0 !important;
  margin: 0 !important;
  inline-size: 100% !important;
  block-size: 100% !important;
  border-radius: 0 !important;
  box-shadow: none !important;
  animation: none !important;
}
dialog.rh-frame::backdrop { display: none !important }`;

const scriptUrl = (document.currentScript as HTMLScriptElement).src;
const apiUrl = location.href.split('/v1/connect/frame')[0]!;
const origins = (document.body.dataset['origins'] ?? '').split(' ');
const place = document.querySelector('#connect')!;
const framed = parent !== window;
const peer: Window | null = framed ? parent : opener;

/** Tries the embedding page's origin where the browser tells it, and else all it may have. */
function sayHello(to: Window) {
  const [ancestor = document.referrer && new URL(document.referrer).origin] = framed ? [...(location.ancestorOrigins ?? [])] : [];
  for (const origin of origins.includes(ancestor) ? [ancestor] : origins) to.postMessage({ type: 'railhead:hello' }, origin);
}

function dress({ scheme, tokens: values }: Looks) {
  const { style } = document.documentElement;
  if (framed) style.colorScheme = scheme;
  // One that is gone counts no longer.
  for (const name of tokens()) style.setProperty(name, values[name] ?? '');
}

function embed(host: string, { page, claim, widgetId, businessName, options, looks, modal }: Embed, port: MessagePort) {
  const post = (news: News) => port.postMessage(news);
  // In a window there is nothing behind the widget that a dialog could cover.
  const inline = !(modal && framed);
  let answered: (session: Order['session']) => void;
  const session = new Promise<Order['session']>((resolve) => (answered = resolve));
  // The widget looks for it in its own address.
  if (claim) history.replaceState(null, '', `?widgetId=${widgetId}&railhead_claim=${claim}`);
  dress(looks);
  document.body.classList.toggle('framed', framed);
  document.body.classList.toggle('inline', framed && inline);
  const subject: Subject = {
    widgetId,
    businessName,
    container: inline ? place : null,
    places: { apiUrl, scriptUrl },
    embedder: {
      origin: host,
      page,
      go: (url) => post({ go: url }),
      session: session.then((answer) => {
        if (!answer) throw new TypeError('the host page could not ask for the session');
        return new Response(answer.body, { status: answer.status });
      }),
    },
  };
  const own: Options = {
    ...options,
    onEvent({ type, detail }) {
      post({ event: { type, detail } });
      if (type === 'exit' && !framed) window.close();
    },
  };
  const { connect } = createInstance(subject, own, begin(subject, own), Promise.resolve(), () => {});
  port.onmessage = ({ data }: MessageEvent<Order>) => {
    if ('session' in data) answered(data.session);
    if (data.looks) dress(data.looks);
    if (data.update) connect.update(data.update);
    if (data.call) connect[data.call]();
  };
  // Taken off the host page, the frame takes along what it has opened.
  addEventListener('pagehide', ({ persisted }) => persisted || connect.destroy());
  if (inline) {
    if (framed) new ResizeObserver(([entry]) => post({ height: Math.ceil(entry!.contentRect.height) })).observe(place);
    return;
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(FILLED);
  document.querySelector('[data-railhead]')?.shadowRoot?.adoptedStyleSheets.push(sheet);
}

if (peer) {
  const hear = ({ source, origin, data, ports: [port] }: MessageEvent) => {
    if (source !== peer || !origins.includes(origin) || data?.type !== 'railhead:embed' || !port) return;
    removeEventListener('message', hear);
    embed(origin, data, port);
  };
  addEventListener('message', hear);
  sayHello(peer);
} else {
  document.querySelector('main')!.hidden = false;
}

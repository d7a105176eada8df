// What the tests put around the widget: a server made of answers, a window that opens (or does not), a console that listens.

const queues = new Map();
const waiting = new Map();
const windows = [];
let log = [];
let lines = [];
let blocked = false;

const queue = (map, route) => map.get(route) ?? map.set(route, []).get(route);

function deliver(route, answer) {
  const next = queue(waiting, route).shift();
  if (next) next(answer);
  else queue(queues, route).push(answer);
}

/** The next call of `route` ("POST /v1/…") gets this answer; until there is one, it waits. */
export function answer(route, status, body) {
  deliver(route, (resolve) => resolve(new Response(body, { status, headers: { 'content-type': 'application/json' } })));
}

/** The next call of `route` does not reach the server. */
export function lose(route) {
  deliver(route, (_, reject) => reject(new TypeError('Failed to fetch')));
}

/** The calls made, in order: "POST /v1/… body". */
export function calls() {
  return log.slice();
}

/** How many calls wait for an answer. */
export function pending() {
  return [...waiting.values()].reduce((count, calls) => count + calls.length, 0);
}

const realFetch = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (!url.pathname.startsWith('/v1/')) return realFetch(input, init);
  const route = `${request.method} ${url.pathname}`;
  const body = await request.clone().text();
  request.signal.throwIfAborted();
  log.push(body ? `${route} ${body}` : route);
  return new Promise((resolve, reject) => {
    const settle = (answer) => answer(resolve, reject);
    const ready = queue(queues, route).shift();
    if (ready) return settle(ready);
    queue(waiting, route).push(settle);
    request.signal.addEventListener('abort', () => {
      const calls = queue(waiting, route);
      // A call that was answered waits no more, and must not take another's place with it.
      if (calls.includes(settle)) calls.splice(calls.indexOf(settle), 1);
      reject(new DOMException('Aborted', 'AbortError'));
    });
  });
};

// A start page in a frame: it says that it is ready, and keeps what it hears.
const START = `<script>
  addEventListener('message', (event) => { if (event.source === parent) parent.heardByWindow.push(event.data); });
  parent.postMessage({ type: 'railhead:ready' }, '*');
</script>`;

window.heardByWindow = [];
window.open = () => {
  if (blocked) return null;
  const frame = document.createElement('iframe');
  frame.srcdoc = START;
  document.body.append(frame);
  windows.push(frame);
  return frame.contentWindow;
};

/** Do windows open from now on? */
export function blockWindows(block) {
  blocked = block;
}

/** The person closes the window. */
export function closeWindow() {
  windows.at(-1).remove();
}

/** What the start pages have heard, as JSON. */
export function heardByWindow() {
  return JSON.stringify(window.heardByWindow);
}

for (const level of ['warn', 'error']) {
  const real = console[level].bind(console);
  console[level] = (...what) => {
    lines.push(what.map(String).join(' '));
    real(...what);
  };
}

/** What was written to the console as a warning or an error. */
export function consoleLines() {
  return lines.slice();
}

/** An answer that the loader has asked for. */
export function response(status, body) {
  return Promise.resolve(new Response(body, { status }));
}

/** Forgets everything, as a new tab does: what a visit remembers over a reload would be gone on with in the next test. */
export function reset() {
  sessionStorage.clear();
  queues.clear();
  waiting.clear();
  windows.splice(0).forEach((frame) => frame.remove());
  window.heardByWindow = [];
  log = [];
  lines = [];
  blocked = false;
}

/** Does what may throw, as what has panicked once may do again. */
export function attempt(act) {
  try {
    act();
  } catch {
    // There is nothing more to be done for it.
  }
}

/** Takes off the page what a test that failed has left there: all but what the runner reports on. */
export function sweep() {
  document.querySelectorAll('body > :not(pre, script)').forEach((left) => left.remove());
  for (const styled of [document.documentElement, document.body]) styled.removeAttribute('style');
  reset();
}

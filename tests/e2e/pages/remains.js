// Runs before everything else on its page and counts what scripts leave behind: timers, listeners on what outlives a widget,
// windows, and names on `window`.
window.globalsBefore = Object.getOwnPropertyNames(window);
window.watched = (() => {
  const timers = new Set();
  const windows = new Set();
  const listeners = new Map();
  let frames = 0;

  for (const [start, stop, once] of [['setTimeout', 'clearTimeout', true], ['setInterval', 'clearInterval', false]]) {
    const [plainStart, plainStop] = [window[start], window[stop]];
    window[start] = (act, wait, ...rest) => {
      const id = plainStart(
        (...values) => {
          if (once) timers.delete(id);
          act(...values);
        },
        wait,
        ...rest,
      );
      timers.add(id);
      return id;
    };
    window[stop] = (id) => {
      timers.delete(id);
      plainStop(id);
    };
  }

  const request = window.requestAnimationFrame;
  window.requestAnimationFrame = (act) => {
    frames += 1;
    return request((now) => {
      frames -= 1;
      act(now);
    });
  };

  const lasting = (target) =>
    [window, document, document.documentElement, document.body, window.visualViewport, navigator].includes(target) ||
    target instanceof MediaQueryList ||
    target instanceof History;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const drop = (target, entry) => {
    const entries = listeners.get(target);
    const at = entries?.findIndex((known) => known.type === entry.type && known.act === entry.act && known.capture === entry.capture) ?? -1;
    if (at >= 0) entries.splice(at, 1);
  };
  EventTarget.prototype.addEventListener = function add(type, act, options) {
    const target = this ?? window;
    if (act && lasting(target)) {
      const entry = { type, act, capture: Boolean(typeof options === 'object' ? options?.capture : options) };
      const entries = listeners.get(target) ?? [];
      listeners.set(target, entries);
      if (!options?.signal?.aborted) entries.push(entry);
      if (options?.signal) addEventListener.call(options.signal, 'abort', () => drop(target, entry));
    }
    return addEventListener.call(target, type, act, options);
  };
  EventTarget.prototype.removeEventListener = function remove(type, act, options) {
    const target = this ?? window;
    drop(target, { type, act, capture: Boolean(typeof options === 'object' ? options?.capture : options) });
    return removeEventListener.call(target, type, act, options);
  };

  const open = window.open;
  window.open = (...values) => {
    const opened = open.apply(window, values);
    if (opened) windows.add(opened);
    return opened;
  };

  return {
    /** What is there now. */
    remains: () => ({
      timers: timers.size,
      frames,
      windows: [...windows].filter((opened) => !opened.closed).length,
      listeners: [...listeners.values()].flat().map(({ type }) => type).sort(),
      // One key stays, so that the visit goes on after a reload.
      storage: Object.keys(sessionStorage).filter((key) => /railhead/i.test(key) && !key.startsWith('railhead http')).concat(Object.keys(localStorage)),
      state: JSON.stringify(history.state),
      cookies: document.cookie,
    }),
    /** The page as it is written, without what the test's own script keeps. */
    page: () => document.documentElement.outerHTML,
    globals: () => Object.getOwnPropertyNames(window).filter((name) => !window.globalsBefore.includes(name)),
  };
})();

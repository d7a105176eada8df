// Runs in each measured page before anything of it does. It looks once a frame at what is there, and notes when that frame
// was painted.
(({ shell, tile, next, input, click }) => {
  // Each visit is a first one: the widget would go on where the former was.
  try {
    sessionStorage.clear();
  } catch {
    // The empty page in between has none.
  }

  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    // One of the products closes its root; here one has to see into it.
    const root = attach.call(this, { ...init, mode: 'open' });
    roots.push(root);
    return root;
  };

  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const find = (selector) => all(selector).find(isInView);
  function isInView(element) {
    const { width, height, top, bottom } = element.getBoundingClientRect();
    return width > 0 && height > 0 && bottom > 0 && top < innerHeight;
  }

  /** When the frame that is about to be drawn has been. */
  const painted = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    });
  const frame = () => new Promise(requestAnimationFrame);

  const times = {};
  const tasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });

  async function watch() {
    const note = async (name) => {
      times[name] ??= await painted();
    };
    for (;;) {
      await frame();
      if (!('shell' in times) && find(shell)) await note('shell');
      const first = find(tile);
      if (first && !('visible' in times)) await note('visible');
      if (!click && 'visible' in times) return;
      // A person clicks what they see; what is not honoured is clicked again.
      if ('visible' in times && find(next)) return note('clickable');
      if (first) first.click();
    }
  }
  const ready = watch();

  /**
   * What is listed first. No more than can be seen: to ask about what is out of view would have the browser lay it out, which
   * takes longer than what is measured.
   */
  function shown() {
    const seen = [];
    for (const element of all(tile)) {
      if (element.checkVisibility()) seen.push(element.textContent.trim() || element.title);
      if (seen.length === 12) break;
    }
    return seen.join();
  }

  /** Waits until the list, which may grow by and by, stays as it is. */
  async function settle() {
    let last = '';
    for (let same = 0; same < 20; ) {
      await frame();
      const now = shown();
      same = now === last ? same + 1 : 0;
      last = now;
    }
  }

  /** Types `value` and answers how long it took until another list was painted, in ms; null if none was. */
  async function type(value, patience) {
    const field = find(input);
    const before = shown();
    const start = performance.now();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, value);
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertText' }));
    while (performance.now() - start < patience) {
      await frame();
      if (shown() !== before) return (await painted()) - start;
    }
    return null;
  }

  window.railheadBench = {
    times,
    type,
    settle,
    /** Resolves when there is nothing more to look for. To be asked again and again would keep the page from its work. */
    ready,
    /** How long the page could not answer, beyond 50 ms at a time. */
    blocked: (until) =>
      tasks.filter(([start]) => start < until).reduce((sum, [, duration]) => sum + Math.max(0, duration - 50), 0),
  };
})

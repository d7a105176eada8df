// What choosing a service leads to, as far as the server has said it: the person reads it while the widget's code is on its way.

import { build } from './nodes.js';
import type { Ahead, PaintNode } from './protocol.generated.js';

/** Stands for the service's name. */
const NAME = /\uE000/g;

/** The step that choosing `tile` leads to, if it is known. */
export function stepAhead(tile: Element, { steps, services }: Ahead): DocumentFragment | undefined {
  const item = tile.closest('li');
  const place = [...(item?.parentNode?.children ?? [])].indexOf(item as Element);
  const step = steps[services[place] ?? -1];
  const name = tile.querySelector('.rh-tile-name')?.textContent;
  if (!step || !name) return undefined;
  // Names are put in as text, here as there.
  const written = JSON.stringify(step).replace(NAME, () => JSON.stringify(name).slice(1, -1));
  const fragment = build(JSON.parse(written) as PaintNode[], document.createDocumentFragment());
  const mark = tile.querySelector('.rh-mark')?.cloneNode(true) as Element;
  mark.className = 'rh-mark is-hero';
  [...fragment.querySelectorAll('.rh-mark')].at(-1)?.replaceWith(mark);
  fragment.querySelector('.rh-stage')?.setAttribute('data-way', 'forward');
  // Agreeing opens a window, which browsers allow within the press alone: that is for the widget itself.
  const agree = fragment.querySelector('.is-primary');
  agree?.setAttribute('aria-disabled', 'true');
  agree?.setAttribute('aria-busy', 'true');
  agree?.querySelector('.rh-spin')?.removeAttribute('hidden');
  return fragment;
}

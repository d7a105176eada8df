// Keeps the page behind a modal from scrolling, for as long as there is one.

/** Whose modal does, and what the page's own style was before. */
const locks = new Set<object>();
let before: [string, string] = ['', ''];

/** `owner` has a modal on the page, or no longer has. */
export function lockScroll(owner: object, locked: boolean): void {
  const root = document.documentElement;
  const { style } = root;
  const first = locked && !locks.size;
  const last = !locked && locks.delete(owner) && !locks.size;
  if (locked) locks.add(owner);
  if (first) {
    before = [style.overflow, style.paddingInlineEnd];
    const bar = innerWidth - root.clientWidth;
    style.overflow = 'hidden';
    // The room of the scrollbar is kept, so that the page doesn't jump sideways.
    if (bar > 0) style.paddingInlineEnd = `${bar}px`;
  }
  if (!last) return;
  [style.overflow, style.paddingInlineEnd] = before;
  // Or an attribute that says nothing would be left on the page.
  if (!root.getAttribute('style')) root.removeAttribute('style');
}

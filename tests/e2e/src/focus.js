// What has the focus, through open shadow roots, and whether one sees it: an outline, or a ring on what surrounds it.
let at = document.activeElement;
while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
if (!at || at === document.body || !at.matches(':focus') || at === document.documentElement) return null;

const ringed = (element) => {
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  // The browser's own ring is drawn as it likes.
  if (outlineStyle === 'auto') return true;
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !/, 0\)$|^transparent$/.test(outlineColor);
};
const box = at.closest('.rh-box, label') ?? at;
return [at, ringed(at) || ringed(box)];

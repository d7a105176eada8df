// Shows the frame of a gallery page as its address asks: ?scheme=light|dark|system, ?dir=rtl, ?place=inline, ?size=200 (per cent of
// text), and any token of the theme, for example ?primary=%230f5c4d. Clicks go nowhere: these are pictures made of real nodes.
const asked = new URLSearchParams(location.search);
const host = document.querySelector('[data-railhead]');
let frame = host.shadowRoot.querySelector('.rh-frame');

const direction = asked.get('dir');
if (direction) {
  document.documentElement.dir = direction;
  frame.dir = direction;
}
if (asked.has('scheme')) {
  host.dataset.scheme = asked.get('scheme');
  document.documentElement.style.colorScheme = asked.get('scheme') === 'system' ? 'light dark' : asked.get('scheme');
}
if (asked.has('size')) document.documentElement.style.fontSize = host.style.fontSize = `${asked.get('size')}%`;
for (const [name, value] of asked) {
  if (['scheme', 'dir', 'place', 'size'].includes(name)) continue;
  host.style.setProperty(`--railhead-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
}
if (asked.get('place') === 'inline' && frame instanceof HTMLDialogElement) {
  document.body.className = 'is-inline';
  host.dataset.railhead = 'inline';
  const region = document.createElement('div');
  region.className = 'rh-frame rh-inline';
  region.append(...frame.childNodes);
  frame.replaceWith(region);
  frame = region;
}
// Among the components, one option is chosen.
if (!(frame instanceof HTMLDialogElement)) frame.querySelector('input[type=radio]')?.click();
if (frame instanceof HTMLDialogElement) {
  frame.showModal();
  frame.querySelector('h2')?.focus();
}

// A modal library as there are many: it keeps the focus inside its own box, whatever else is on the page.
const box = document.getElementById('box');
const first = box.querySelector('button');
window.pulled = 0;
document.addEventListener(
  'focusin',
  (event) => {
    if (box.contains(event.target)) return;
    window.pulled += 1;
    event.stopImmediatePropagation();
    first.focus();
  },
  true,
);
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Tab') return;
    const stops = [...box.querySelectorAll('button, input')];
    const here = stops.indexOf(document.activeElement);
    if (here === -1 || (event.shiftKey ? here === 0 : here === stops.length - 1)) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
  },
  true,
);
first.focus();

// The least that a picker can be: nodes made by hand, no library.

import css from '../picker.css';
import { isFound, mark, needle, session } from '../session.js';

const BONES = 10;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const host = element('div');
const root = host.attachShadow({ mode: 'open' });
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
root.adoptedStyleSheets = [sheet];
const body = element('div', { className: 'body' });
const close = element('button', { type: 'button', className: 'close', ariaLabel: 'Close', textContent: '×' });
const dialog = element('dialog', { ariaLabel: 'Connect your software' }, element('header', {}, close), body);
close.addEventListener('click', () => dialog.close());
root.append(dialog);
document.body.append(host);
skeleton();
dialog.showModal();
session.then(list, failure);

function skeleton() {
  const bones = Array.from({ length: BONES }, () => element('li', { className: 'bone' }));
  body.replaceChildren(element('ul', { ariaBusy: 'true' }, ...bones));
}

function list({ widget, services }) {
  const title = element('h2', { textContent: 'Connect your software', tabIndex: -1 });
  const lead = element('p', { textContent: `${widget.companyName} asks you to connect the software you use.` });
  const search = element('input', { type: 'search', placeholder: 'Search', ariaLabel: 'Search', autocomplete: 'off' });
  const nothing = element('p', { textContent: 'No service has this name.', hidden: true });
  const tiles = services.map((service) => {
    const item = element('li', {}, tile(service));
    return { item, text: needle(service) };
  });
  search.addEventListener('input', () => {
    let found = false;
    for (const { item, text } of tiles) {
      item.hidden = !isFound(text, search.value);
      found ||= !item.hidden;
    }
    nothing.hidden = found;
  });
  body.replaceChildren(title, lead, search, nothing, element('ul', {}, ...tiles.map(({ item }) => item)));
  title.focus();

  function tile(service) {
    const picture = mark(service);
    const sign = picture
      ? element('img', { loading: 'lazy', decoding: 'async', alt: '', src: picture })
      : service.displayName.charAt(0);
    const made = element(
      'button',
      { type: 'button', className: 'tile' },
      element('span', { className: 'mark', ariaHidden: 'true' }, sign),
      element('span', { className: 'name', textContent: service.displayName }),
    );
    made.addEventListener('click', () => consent(service, widget));
    return made;
  }
}

function consent(service, { companyName }) {
  const title = element('h2', { className: 'consent', textContent: `Connect ${service.displayName}`, tabIndex: -1 });
  body.replaceChildren(
    title,
    element('p', { textContent: `${companyName} will read your books. You sign in at ${service.displayName}.` }),
    element('button', { type: 'button', className: 'primary', textContent: `Continue to ${service.displayName}` }),
  );
  title.focus();
}

function failure() {
  const retry = element('button', { type: 'button', className: 'primary', textContent: 'Try again' });
  retry.addEventListener('click', () => location.reload());
  body.replaceChildren(element('h2', { textContent: 'This didn’t load' }), retry);
}

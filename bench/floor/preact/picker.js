// The same picker as a small framework has it.

import { h, render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import css from '../picker.css';
import { isFound, mark, needle, session } from '../session.js';

const BONES = Array.from({ length: 10 });

function Picker() {
  const [answer, setAnswer] = useState(null);
  const [failed, setFailed] = useState(false);
  const [chosen, setChosen] = useState(null);
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current.showModal();
    session.then(setAnswer, () => setFailed(true));
  }, []);
  let step = h(Skeleton);
  if (failed) step = h(Failure);
  else if (chosen) step = h(Consent, { service: chosen, widget: answer.widget });
  else if (answer) step = h(List, { ...answer, onChoose: setChosen });
  return h(
    'dialog',
    { ref: dialog, 'aria-label': 'Connect your software' },
    h('header', {}, h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onClick: () => dialog.current.close() }, '×')),
    h('div', { class: 'body' }, step),
  );
}

function Skeleton() {
  return h('ul', { 'aria-busy': 'true' }, BONES.map((_, index) => h('li', { key: index, class: 'bone' })));
}

function Title({ text, class: name }) {
  const title = useRef(null);
  useEffect(() => title.current.focus(), []);
  return h('h2', { ref: title, tabIndex: -1, class: name }, text);
}

function List({ widget, services, onChoose }) {
  const [typed, setTyped] = useState('');
  const needles = useMemo(() => services.map(needle), [services]);
  const found = needles.map((text) => isFound(text, typed));
  // All tiles stay: searching hides some, so that no mark is asked for twice.
  return [
    h(Title, { text: 'Connect your software' }),
    h('p', {}, `${widget.companyName} asks you to connect the software you use.`),
    h('input', {
      type: 'search',
      placeholder: 'Search',
      'aria-label': 'Search',
      autocomplete: 'off',
      value: typed,
      onInput: (event) => setTyped(event.currentTarget.value),
    }),
    h('p', { hidden: found.includes(true) }, 'No service has this name.'),
    h(
      'ul',
      {},
      services.map((service, index) =>
        h('li', { key: service.serviceName, hidden: !found[index] }, h(Tile, { service, onChoose })),
      ),
    ),
  ];
}

function Tile({ service, onChoose }) {
  const picture = mark(service);
  const sign = picture
    ? h('img', { loading: 'lazy', decoding: 'async', alt: '', src: picture })
    : service.displayName.charAt(0);
  return h(
    'button',
    { type: 'button', class: 'tile', onClick: () => onChoose(service) },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, sign),
    h('span', { class: 'name' }, service.displayName),
  );
}

function Consent({ service, widget }) {
  return [
    h(Title, { class: 'consent', text: `Connect ${service.displayName}` }),
    h('p', {}, `${widget.companyName} will read your books. You sign in at ${service.displayName}.`),
    h('button', { type: 'button', class: 'primary' }, `Continue to ${service.displayName}`),
  ];
}

function Failure() {
  return [
    h('h2', {}, 'This didn’t load'),
    h('button', { type: 'button', class: 'primary', onClick: () => location.reload() }, 'Try again'),
  ];
}

const host = document.createElement('div');
const root = host.attachShadow({ mode: 'open' });
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
root.adoptedStyleSheets = [sheet];
document.body.append(host);
render(h(Picker), root);

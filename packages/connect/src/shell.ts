// The frame that stands on the page before the widget's code has arrived. Built node by node and styled by constructable
// stylesheets, so that neither a strict CSP nor Trusted Types have anything to object to.

import { drawn } from './frames.js';
import { direction, type Speech, type Spoken } from './language.js';
import type { MessageKey } from './messages.generated.js';
import type { Options, Theme } from './options.js';
import { lockScroll } from './scroll.js';
import css from 'railhead:shell.css';

/** The shell of one widget. */
export interface Shell {
  host: HTMLElement;
  root: ShadowRoot;
  /** Where the steps go. */
  view: HTMLElement;
  /** Is the frame a modal dialog? */
  modal: boolean;
  /** Gives the frame the stylesheets of the steps. */
  dress(sheets: CSSStyleSheet[]): void;
  /** Shows the frame. */
  show(): void;
  /** Hides the frame. */
  hide(): void;
  /** Keeps the page behind a modal from scrolling, or no longer does. */
  lock(locked: boolean): void;
  /** Applies theme and colour scheme, and from then on the theme of the widget's settings below. */
  paint(options: Options, theirs?: Theme): void;
  /** Puts its words into a language. */
  speak(spoken: Spoken, options: Options): void;
  /** The service list's outline, while the widget loads. */
  showSkeleton(): void;
  /** Shows a step in the place of the outline. */
  showStep(step: DocumentFragment): void;
  /** Says that the widget did not load, and offers to try again. */
  showFailure(): void;
  /** Says that the widget has to open in a window of its own, and offers that. */
  offerWindow(act: () => void): void;
  /** Puts a frame into the shell; `reveal` shows it in place of everything else. */
  place(frame: HTMLIFrameElement): void;
  reveal(frame: HTMLIFrameElement): void;
  /** From here on the frame belongs to the widget. */
  handOver(): void;
  /** Takes everything off the page. */
  remove(): void;
}

/** What the shell reports while it is the loader's. */
export interface ShellListeners {
  onClose(): void;
  onRetry(): void;
}

/** What the loader says by itself, while no pack is there. */
const ENGLISH = {
  'picker.title': 'Connect your software',
  close: 'Close',
  'load_failed.title': 'This didn’t load',
  'load_failed.text': 'Check your internet connection, then try again. Nothing has been connected.',
  'failure.retry': 'Try again',
  'elsewhere.title': 'Continue in a new window',
  'elsewhere.text': 'This page can’t show the next step itself. It opens on a secure page of its own.',
  'blocked.open': 'Open the window',
} as const satisfies { [key in MessageKey]?: string };
type Sentence = keyof typeof ENGLISH;
const TILES = 10;
/** A density is a word for people and a number for the stylesheet. */
const DENSITIES: Record<string, string> = { comfortable: '1', compact: '0.75' };
const SVG = 'http://www.w3.org/2000/svg';

/** The public design tokens, by the custom properties in which a page's own CSS may set them. */
export const tokens = () => [...new Set(css.match(/--railhead-[\w-]+/g))];

let sheet: CSSStyleSheet | undefined;

/** Draws the shell into `container`, or as a modal at the end of the page. It is hidden until `show`. */
export function drawShell(container: Element | null, options: Options, speech: Speech, listeners: ShellListeners): Shell {
  const modal = container === null;
  const host = element('div', { 'data-railhead': modal ? 'modal' : 'inline' });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sharedSheet()];
  const view = element('div', { class: 'rh-view' });
  let settings: Theme = {};
  const frame = modal
    ? element('dialog', { class: 'rh-frame', part: 'dialog' }, view)
    : element('div', { class: 'rh-frame rh-inline', part: 'frame', role: 'region', hidden: '' }, view);
  let say = (key: Sentence): string => ENGLISH[key];
  let informAgain = () => {};
  const ours = new AbortController();
  // The event comes late: the dialog may be open again.
  const closed = () => (frame as HTMLDialogElement).open || listeners.onClose();
  frame.addEventListener('close', closed, { signal: ours.signal });
  const life = new AbortController();
  if (modal) keepKeys(host, life.signal);
  frame.addEventListener('close', () => shell.lock((frame as HTMLDialogElement).open), { signal: life.signal });
  root.append(frame);

  function hide() {
    shell.lock(false);
    if (frame instanceof HTMLDialogElement) frame.close();
    else frame.hidden = true;
    listeners.onClose();
  }

  const shell: Shell = {
    host,
    root,
    view,
    modal,
    dress(sheets) {
      root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, ...sheets])];
    },
    show() {
      if (!(frame instanceof HTMLDialogElement)) frame.hidden = false;
      else if (!frame.open && host.isConnected) {
        // First, so that the page is laid out once.
        shell.lock(true);
        frame.showModal();
      }
    },
    hide,
    lock: (locked) => modal && lockScroll(shell, locked),
    paint({ theme: tokens, colorScheme }, theirs) {
      settings = theirs ?? settings;
      // The widget checks the tokens when it comes, and puts them in the same place.
      host.removeAttribute('style');
      for (const [layer, values] of Object.entries({ '--rh-set-': settings, '--railhead-': tokens ?? {} })) {
        for (const [name, value] of Object.entries(values)) {
          if (typeof value === 'string') host.style.setProperty(layer + kebabCase(name), resolve(name, value, container ?? document.body));
        }
      }
      if (colorScheme) host.dataset['scheme'] = colorScheme;
      else delete host.dataset['scheme'];
    },
    speak({ language, words }, { messages }) {
      say = (key) => messages?.[`${key}@${language}`] ?? messages?.[key] ?? words[key] ?? ENGLISH[key];
      frame.lang = language;
      frame.dir = direction(language);
      frame.ariaLabel = say('picker.title');
      // Only what the loader has drawn; the widget's own words are its own.
      const close = view.querySelector('.rh-skeleton .rh-close');
      if (close) close.ariaLabel = say('close');
      if (view.querySelector('.rh-failure')) informAgain();
    },
    showSkeleton() {
      if (view.querySelector('.rh-skeleton')) return;
      const bones = ['title', 'line', 'search'].map((bone) => element('i', { class: `rh-bone rh-bone-${bone}` }));
      const tiles = Array.from({ length: TILES }, () => element('i', { class: 'rh-bone-tile' }));
      const grid = element('div', { class: 'rh-bone-grid' }, ...tiles);
      const skeleton = element('div', { class: 'rh-skeleton', 'aria-busy': 'true' }, header(), element('div', { class: 'rh-bones' }, ...bones, grid));
      view.replaceChildren(skeleton);
      // Where the browser has to look for its fonts it does so while the line is what everybody waits for.
      drawn().then(() => skeleton.classList.add('is-drawn'));
    },
    showStep(step) {
      view.replaceChildren(step);
      // The heading is what is read out first, as when the widget itself shows a step.
      if (frame instanceof HTMLDialogElement && frame.open) view.querySelector<HTMLElement>('[autofocus]')?.focus();
    },
    showFailure() {
      inform('load_failed.title', 'load_failed.text', 'failure.retry', () => {
        listeners.onRetry();
        view.querySelector('button')?.focus();
      });
    },
    offerWindow(act) {
      inform('elsewhere.title', 'elsewhere.text', 'blocked.open', act);
    },
    place(inner) {
      inner.title = say('picker.title');
      view.append(inner);
    },
    reveal(inner) {
      const focused = root.activeElement !== null;
      // The frame itself stays where it is: moved, it would load anew.
      for (const other of [...view.childNodes]) if (other !== inner) other.remove();
      inner.classList.add('is-there');
      if (focused) inner.focus();
    },
    handOver() {
      ours.abort();
    },
    remove() {
      ours.abort();
      life.abort();
      shell.lock(false);
      // The browser gives the focus back to where it was, if it is closed before it goes.
      if (frame instanceof HTMLDialogElement) frame.close();
      host.remove();
    },
  };

  /** Says something, and offers one thing to do about it. */
  function inform(title: Sentence, text: Sentence, label: Sentence, act: () => void) {
    informAgain = () => inform(title, text, label, act);
    const button = element('button', { type: 'button' }, say(label));
    button.addEventListener('click', act);
    const notice = element('div', { class: 'rh-failure', role: 'alert' });
    const focused = root.activeElement !== null;
    view.replaceChildren(header(), notice);
    // Filled once it stands on the page, so that it is read out.
    notice.append(element('h2', {}, say(title)), element('p', {}, say(text)), button);
    if (focused) button.focus();
  }

  function header(): HTMLElement {
    if (!modal) return element('div', { class: 'rh-header' });
    const icon = document.createElementNS(SVG, 'svg');
    const cross = document.createElementNS(SVG, 'path');
    icon.setAttribute('viewBox', '0 0 24 24');
    cross.setAttribute('d', 'M6 6l12 12M18 6 6 18');
    icon.append(cross);
    const close = element('button', { type: 'button', class: 'rh-icon rh-close', 'aria-label': say('close') }, icon);
    close.addEventListener('click', hide);
    return element('div', { class: 'rh-header' }, close);
  }

  shell.speak({ ...speech, words: {} }, options);
  shell.paint(options);
  shell.showSkeleton();
  (container ?? document.body).append(host);
  return shell;
}

/** What is typed in the modal is the modal's: pages have modals and shortcuts of their own, and the browser keeps what is below still. */
function keepKeys(host: HTMLElement, signal: AbortSignal) {
  host.addEventListener('keydown', (event) => event.stopPropagation(), { signal });
  // Libraries that hold the focus elsewhere take Tab on its way down.
  const keepTab = (event: KeyboardEvent) => {
    if (event.key === 'Tab' && event.composedPath().includes(host)) event.stopImmediatePropagation();
  };
  addEventListener('keydown', keepTab, { capture: true, signal });
}

function sharedSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A token's value as CSS has it, as the widget resolves it too. */
function resolve(name: string, value: string, around: Element): string {
  // Nothing is inherited into the frame: the page's font is looked up.
  if (name === 'fontFamily' && value === 'inherit') return getComputedStyle(around).fontFamily;
  return DENSITIES[value] ?? value;
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

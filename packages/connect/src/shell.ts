// The frame that stands on the page before the widget's code has arrived. Built node by node and styled by constructable
// stylesheets, so that neither a strict CSP nor Trusted Types have anything to object to.

import { direction, type Speech, type Spoken } from './language.js';
import type { MessageKey } from './messages.generated.js';
import type { Options } from './options.js';
import css from 'railhead:shell.css';

/** The shell of one widget. */
export interface Shell {
  host: HTMLElement;
  root: ShadowRoot;
  /** Shows the frame. */
  show(): void;
  /** Hides the frame. */
  hide(): void;
  /** Applies theme and colour scheme. */
  paint(options: Options): void;
  /** Puts its words into a language. */
  speak(spoken: Spoken, options: Options): void;
  /** The service list's outline, while the widget loads. */
  showSkeleton(): void;
  /** Says that the widget did not load, and offers to try again. */
  showFailure(): void;
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
} as const satisfies { [key in MessageKey]?: string };
const TILES = 10;
/** A density is a word for people and a number for the stylesheet. */
const DENSITIES: Record<string, string> = { comfortable: '1', compact: '0.75' };
const SVG = 'http://www.w3.org/2000/svg';

let sheet: CSSStyleSheet | undefined;

/** Draws the shell into `container`, or as a modal at the end of the page. It is hidden until `show`. */
export function drawShell(container: Element | null, options: Options, speech: Speech, listeners: ShellListeners): Shell {
  const modal = container === null;
  const host = element('div', { 'data-railhead': modal ? 'modal' : 'inline' });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sharedSheet()];
  const view = element('div', { class: 'rh-view' });
  const frame = modal
    ? element('dialog', { class: 'rh-frame', part: 'dialog' }, view)
    : element('div', { class: 'rh-frame rh-inline', part: 'frame', role: 'region', hidden: '' }, view);
  let say = (key: keyof typeof ENGLISH): string => ENGLISH[key];
  const ours = new AbortController();
  frame.addEventListener('close', listeners.onClose, { signal: ours.signal });
  root.append(frame);

  function hide() {
    if (frame instanceof HTMLDialogElement) frame.close();
    else frame.hidden = true;
    listeners.onClose();
  }

  const shell: Shell = {
    host,
    root,
    show() {
      if (!(frame instanceof HTMLDialogElement)) frame.hidden = false;
      else if (!frame.open) frame.showModal();
    },
    hide,
    paint({ theme: tokens, colorScheme }) {
      // The widget checks the tokens when it comes, and puts them in the same place.
      host.removeAttribute('style');
      for (const [name, value] of Object.entries(tokens ?? {})) {
        if (typeof value === 'string') host.style.setProperty(`--railhead-${kebabCase(name)}`, DENSITIES[value] ?? value);
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
      if (view.querySelector('.rh-failure')) shell.showFailure();
    },
    showSkeleton() {
      const bones = ['title', 'line', 'search'].map((bone) => element('i', { class: `rh-bone rh-bone-${bone}` }));
      const tiles = Array.from({ length: TILES }, () => element('i', { class: 'rh-bone-tile' }));
      const grid = element('div', { class: 'rh-bone-grid' }, ...tiles);
      view.replaceChildren(
        element('div', { class: 'rh-skeleton', 'aria-busy': 'true' }, header(), element('div', { class: 'rh-bones' }, ...bones, grid)),
      );
    },
    showFailure() {
      const retry = element('button', { type: 'button' }, say('failure.retry'));
      retry.addEventListener('click', () => {
        listeners.onRetry();
        view.querySelector('button')?.focus();
      });
      const failure = element('div', { class: 'rh-failure', role: 'alert' });
      const focused = root.activeElement !== null;
      view.replaceChildren(header(), failure);
      // Filled once it stands on the page, so that it is read out.
      failure.append(
        element('h2', {}, say('load_failed.title')),
        element('p', {}, say('load_failed.text')),
        retry,
      );
      if (focused) retry.focus();
    },
    handOver() {
      ours.abort();
    },
    remove() {
      ours.abort();
      host.remove();
    },
  };

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

function sharedSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

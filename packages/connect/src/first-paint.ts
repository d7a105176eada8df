// The first step as the server has rendered it: built in the frame while the widget's code is on its way, which then takes
// the same nodes over. It comes as a tree and is built node by node, so there is no markup that a strict CSP or Trusted Types
// could object to, and none that a name could be mistaken for.

import { loadStyles, type Places } from './assets.js';
import type { Options } from './options.js';
import type { PaintNode, SessionState } from './protocol.generated.js';
import type { Shell } from './shell.js';

/** The first step, on the page. */
export interface Painted {
  /** The build of the widget that can take it over. */
  build: string;
  /** The session answer that it shows. */
  answer: SessionState;
  /** Its language. */
  language: string;
  /** The options it was asked with. */
  options: Options;
  /** Passes on to the widget what the person did meanwhile. */
  replay(): void;
  /** Lets go what the person did. */
  forget(): void;
}

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';
/** Options that change nothing about the nodes of the first step. All others are the server’s to understand; functions are left out by JSON. */
const ASIDE = /^(container|open|apiUrl|sessionToken|successUrl|theme|colorScheme|locale|metadata|nonce|timeout|isolation)$/;
/** The longest text of options that is sent; a longer one is not worth its way. */
const LONGEST = 20_000;

/** The first step of one widget. */
export interface FirstPaint {
  /** Shows it as soon as the session has answered, unless the widget is there before. */
  show(session: Promise<Response>, options: Options, language: string): void;
  /** What is on the page, if anything, and if it is in this language; from here on it is the widget's. */
  take(language: string): Painted | undefined;
}

/** What the first step has to do with what is around it. */
export interface Surroundings {
  /** Is the widget's code still on its way? */
  isAwaited(): boolean;
  /** The options as they are now. */
  current(): Options;
  /** The person closes the dialog. */
  onClose(): void;
}

/** Paints the first step into `shell`. */
export function createFirstPaint(shell: Shell, places: Places, { isAwaited, current, onClose }: Surroundings): FirstPaint {
  let painted: Painted | undefined;
  let latest: Promise<Response> | undefined;

  async function paint(session: Promise<Response>, options: Options, language: string) {
    // The body is the widget's to read; this reads a copy.
    const answer = session.then((response) => (response.ok ? (response.clone().json() as Promise<SessionState>) : null));
    const [state, sheets] = await Promise.all([answer, loadStyles(places)]);
    if (!state?.firstPaint || session !== latest || !isAwaited()) return;
    const { firstPaint, ...rest } = state;
    shell.dress(sheets);
    shell.paint(current(), rest.widget.theme);
    shell.showStep(build(firstPaint.nodes));
    const closes = (button: Element) => {
      const acts = shell.modal && button.matches('.rh-close');
      if (acts) onClose();
      return acts;
    };
    painted = { build: firstPaint.build, answer: rest, options, language, ...remember(shell.view, closes) };
  }

  return {
    show(session, options, language) {
      painted?.forget();
      painted = undefined;
      latest = session;
      // Whatever keeps it from being painted, the widget begins from nothing.
      paint(session, options, language).catch(() => {});
    },
    take(language) {
      // The widget has what the server had, or else the sentences have not come, or are no longer these.
      const taken = painted?.language === language ? painted : undefined;
      if (!taken) painted?.forget();
      painted = undefined;
      return taken;
    },
  };
}

/** What the server has to know to render the first step, or `undefined` where that can't be written down. */
export function wishes(options: Options, modal: boolean, base: string): string | undefined {
  const entries = Object.entries(options).filter(([name, value]) => value != null && !ASIDE.test(name));
  try {
    const text = JSON.stringify({ modal, base, options: Object.fromEntries(entries) });
    return text.length > LONGEST ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The nodes, built. */
export function build(nodes: PaintNode[], space = HTML): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const node of nodes) {
    if (node === null) fragment.append(document.createComment(''));
    else if (typeof node === 'string') fragment.append(node);
    else {
      const [name, attributes, children] = node;
      const inner = name === 'svg' ? SVG : space;
      const element = document.createElementNS(inner, name) as HTMLElement;
      for (let index = 0; index < attributes.length; index += 2) {
        const [key, value] = [attributes[index] as string, attributes[index + 1] as string];
        // A style attribute would be the markup's; a style set by script is no matter of a CSP.
        if (key === 'style') element.style.cssText = value;
        else element.setAttribute(key, value);
      }
      element.append(build(children, inner));
      fragment.append(element);
    }
  }
  return fragment;
}

/**
 * Remembers what the person does in `view` until the widget can act on it: what is typed into fields, where it stays anyway, and
 * the last press of a button. `onPress` may act on a press by itself.
 */
export function remember(view: Element, onPress: (button: Element) => boolean): Pick<Painted, 'replay' | 'forget'> {
  const ours = new AbortController();
  let wanted: HTMLElement | null = null;
  const settle = () => wanted?.removeAttribute('aria-busy');
  view.addEventListener(
    'click',
    ({ target }) => {
      const button = (target as Element).closest<HTMLElement>('button');
      if (!button) return;
      settle();
      wanted = onPress(button) ? null : button;
      wanted?.setAttribute('aria-busy', 'true');
    },
    { signal: ours.signal },
  );
  return {
    forget: () => ours.abort(),
    replay() {
      ours.abort();
      for (const field of view.querySelectorAll('input')) {
        if (field.value !== field.defaultValue) field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      // A moment later: what the widget does once its nodes are on the page is done then, and the step may have gone meanwhile.
      setTimeout(() => {
        settle();
        if (wanted?.isConnected) wanted.click();
      });
    },
  };
}

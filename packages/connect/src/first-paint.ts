// The first step as the server has rendered it: built in the frame while the widget's code is on its way, which then takes
// the same nodes over. It comes as a tree and is built node by node, so there is no markup that a strict CSP or Trusted Types
// could object to, and none that a name could be mistaken for.

import { loadStyles, type Places } from './assets.js';
import { remember, type Deeds } from './deeds.js';
import { drawn } from './frames.js';
import { build } from './nodes.js';
import type { Options } from './options.js';
import type { SessionState } from './protocol.generated.js';
import type { Shell } from './shell.js';

/** The first step, on the page. */
export interface Painted extends Deeds {
  /** The build of the widget that can take it over. */
  build: string;
  /** The session answer that it shows. */
  answer: SessionState;
  /** Its language. */
  language: string;
  /** The options it was asked with. */
  options: Options;
}

/** Options that change nothing about the nodes of the first step. All others are the server’s to understand; functions are left out by JSON. */
const ASIDE = /^(container|open|apiUrl|sessionToken|successUrl|theme|colorScheme|locale|metadata|nonce|timeout|isolation)$/;
/** The longest text of options that is sent; a longer one is not worth its way. */
const LONGEST = 20_000;

/** The first step of one widget. */
export interface FirstPaint {
  /** Shows it as soon as the session has answered, unless the widget is there before. Resolves when it can be seen, or won't be. */
  show(session: Promise<Response>, options: Options, language: string): Promise<unknown>;
  /** What is on the page, if anything, and if it is in this language; from here on it is the widget's. */
  take(language: string): Painted | undefined;
  /** Is the person a step ahead of what was painted? */
  isAhead(): boolean;
  /** Where who leaves now goes by the widget's settings, as far as they are known. */
  closeUrl(): string | undefined;
  /** The person has turned elsewhere. */
  leave(): void;
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
    const styled = loadStyles(places).then((sheet) => isAwaited() && shell.dress([sheet]));
    styled.catch(() => {});
    const state = await answer;
    if (!state?.firstPaint) return;
    const { firstPaint, ...rest } = state;
    const step = build(firstPaint.nodes, document.createDocumentFragment());
    await styled;
    if (session !== latest || !isAwaited()) return;
    shell.paint(current(), rest.widget.theme);
    shell.showStep(step);
    const closes = (button: Element) => {
      const acts = shell.modal && button.matches('.rh-close');
      if (acts) onClose();
      return acts;
    };
    painted = { build: firstPaint.build, answer: rest, options, language, ...remember(shell.view, firstPaint.ahead, closes) };
  }

  return {
    show(session, options, language) {
      painted?.forget();
      painted = undefined;
      latest = session;
      // Whatever keeps it from being painted, the widget begins from nothing.
      return paint(session, options, language).then(drawn, () => {});
    },
    take(language) {
      // The widget has what the server had, or else the sentences have not come, or are no longer these.
      const taken = painted?.language === language ? painted : undefined;
      taken?.unfold();
      if (!taken) painted?.forget();
      painted = undefined;
      return taken;
    },
    isAhead: () => painted?.isAhead() ?? false,
    closeUrl: () => painted?.answer.widget.closeUrl ?? undefined,
    leave: () => painted?.unfold(true),
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

// The first step as the server has rendered it: built in the frame while the widget's code is on its way, which then takes
// the same nodes over. It comes as a tree and is built node by node, so there is no markup that a strict CSP or Trusted Types
// could object to, and none that a name could be mistaken for.

import { stepAhead } from './ahead.js';
import { loadStyles, type Places } from './assets.js';
import { drawn, soon } from './frames.js';
import { build } from './nodes.js';
import type { Options } from './options.js';
import type { Ahead, SessionState } from './protocol.generated.js';
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
  let painted: (Painted & Deeds) | undefined;
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

/** What the person has done before the widget could act on it. */
interface Deeds extends Pick<Painted, 'replay' | 'forget'> {
  /** Is the person a step ahead of what was painted? */
  isAhead(): boolean;
  /** Shows what was painted again, if the person is ahead of it; `forgotten`: they have turned elsewhere. */
  unfold(forgotten?: boolean): void;
}

/** Keys that move the focus in a list. In a field, those that lead out of it. */
const MOVES = /^(Arrow|Home$|End$)/;
const LEAVES = /^(ArrowDown|Enter)$/;

/** What tells a button from the others around it. */
const called = (button: Element) => button.ariaLabel || button.textContent;

/**
 * Remembers what the person does in `view` until the widget can act on it: what is typed into fields, where it stays anyway, keys
 * that lead from one service to another, and the last press of a button. What a service leads to is shown at once, where it is known.
 */
function remember(view: HTMLElement, ahead: Ahead | null | undefined, onClose: (button: Element) => boolean): Deeds {
  const ours = new AbortController();
  /** What was pressed in the painted step. */
  let wanted: HTMLElement | undefined;
  /** What was painted, while the step ahead stands in its place. */
  let behind: ChildNode[] | undefined;
  /** Where the focus was in the step ahead when the widget came; empty: where every step has it. */
  let held: string | undefined;
  /** Keys that wait. */
  let keys: string[] = [];
  const root = view.getRootNode() as ShadowRoot;
  const fields = () => [...view.querySelectorAll('input')];
  const busy = (button: HTMLElement | undefined, is: boolean) => button?.setAttribute('aria-busy', String(is));

  function unfold(forgotten = false) {
    const { activeElement } = root;
    if (behind) {
      if (!forgotten) held = ['.is-primary', '.rh-back', '.rh-close'].find((place) => activeElement?.matches(place)) ?? '';
      view.replaceChildren(...behind);
    }
    behind = undefined;
    if (!forgotten) return;
    busy(wanted, false);
    wanted?.focus();
    wanted = undefined;
  }

  const forgetKeys = () => (keys = []);
  view.addEventListener('focusin', forgetKeys, { signal: ours.signal });
  view.addEventListener('input', forgetKeys, { signal: ours.signal });
  view.addEventListener(
    'keydown',
    (event) => {
      const { key, ctrlKey, metaKey, altKey, isComposing } = event;
      const at = event.target as Element;
      if (behind || ctrlKey || metaKey || altKey || isComposing) return;
      const isTile = at.matches('.rh-tile');
      // What is typed goes to the search box.
      if (isTile && key.length === 1 && key !== ' ') return fields()[0]?.focus();
      const leads = isTile ? MOVES.test(key) : at instanceof HTMLInputElement && LEAVES.test(key);
      // What is pressed where a key has led is pressed there.
      if (!leads && !(keys.length && (MOVES.test(key) || key === 'Enter' || key === ' '))) return;
      event.preventDefault();
      keys.push(key);
    },
    { signal: ours.signal },
  );
  view.addEventListener(
    'click',
    (event) => {
      forgetKeys();
      const button = (event.target as Element).closest<HTMLElement>('button');
      if (!button) return;
      if (onClose(button)) return;
      let wish = button;
      if (behind) {
        // The form is the widget’s to send.
        event.preventDefault();
        if (button.matches('.is-primary')) return;
        unfold(true);
        if (button.matches('.rh-back')) return;
        // What is left closes, and has its like in what was painted.
        wish = view.querySelector('.rh-close') ?? button;
      }
      busy(wanted, false);
      wanted = wish;
      const step = ahead && wish.matches('.rh-tile') && stepAhead(wish, ahead);
      if (!step) return busy(wish, true);
      behind = [...view.childNodes];
      view.replaceChildren(step);
      view.querySelector('h2')?.focus();
    },
    { signal: ours.signal },
  );
  return {
    isAhead: () => behind !== undefined,
    unfold,
    forget: () => ours.abort(),
    replay() {
      ours.abort();
      const typed = fields().map(({ value, defaultValue }) => (value === defaultValue ? undefined : value));
      const at = fields().findIndex((field) => field === root.activeElement);
      const enter = (field: HTMLInputElement) => field.dispatchEvent(new Event('input', { bubbles: true }));
      fields().forEach((field, place) => typed[place] !== undefined && enter(field));
      if (held !== undefined) {
        // The step has come already; the widget’s own takes its place and does not come once more.
        view.style.setProperty('--rh-calm', '0s');
        setTimeout(() => view.style.removeProperty('--rh-calm'), 1000);
      }
      // What the widget does once its nodes are on the page is done then, and nothing has been drawn yet.
      soon(() => {
        // Options that have changed since make it draw anew.
        fields().forEach((field, place) => {
          const text = typed[place];
          if (place === at) field.focus();
          if (text === undefined || field.value === text) return;
          field.value = text;
          enter(field);
        });
        for (const key of keys) {
          const target = root.activeElement as HTMLElement | null;
          const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
          if (target?.dispatchEvent(event) && !MOVES.test(key)) target.click();
        }
        if (!wanted) return;
        busy(wanted, false);
        const { isConnected } = wanted;
        const again = isConnected ? wanted : [...view.querySelectorAll('button')].find((button) => called(button) === called(wanted!));
        again?.click();
        if (held) soon(() => view.querySelector<HTMLElement>(held as string)?.focus());
      });
    },
  };
}

// What the person does in the painted first step before the widget can act on it.

import { stepAhead } from './ahead.js';
import { soon } from './frames.js';
import type { Ahead } from './protocol.generated.js';

/** What the person has done before the widget could act on it. */
export interface Deeds {
  /** Passes it on to the widget. */
  replay(): void;
  /** Lets it go. */
  forget(): void;
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
export function remember(view: HTMLElement, ahead: Ahead | null | undefined, onClose: (button: Element) => boolean): Deeds {
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

// <railhead-connect widget-id="…" business-name="…">: the widget as an element, configured by attributes, talking by DOM events.

import { camelCase, describe } from './attributes.js';
import type { AnyEvent } from './events.js';
import type { Init } from './init.js';
import type { Connect } from './instance.js';
import type { Options } from './options.js';

/**
 * The element. Inline where it stands; with the attribute `modal` a dialog above the page.
 *
 * Attributes: `widget-id`, `business-name`, and the options of `init` in kebab-case (`success-url`, `theme-primary`, `open="false"`).
 * Events: every event of the widget as `railhead-<name>`, with `detail`; they bubble.
 */
export interface RailheadConnectElement extends HTMLElement {
  /** Options that attributes cannot say; they stand above the attributes. */
  options: Options;
  /** The running widget, once there is one. */
  readonly connect: Connect | null;
  /** Shows the widget. */
  open(): void;
  /** Hides the widget. */
  close(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'railhead-connect': RailheadConnectElement;
  }
}

/** Registers the element under `name`, unless that name is taken. Does nothing on a server. */
export function defineElementWith(init: Init, name: string): void {
  if (typeof customElements === 'undefined' || customElements.get(name)) return;

  class RailheadConnect extends HTMLElement implements RailheadConnectElement {
    #connect: Connect | null = null;
    /** What the widget has been asked to do before it is there. */
    #waiting: ((connect: Connect) => void)[] = [];
    #identity = '';
    /** The names of the options that it has been told. */
    #told: string[] = [];
    #options: Options = {};
    #attributes = new MutationObserver(() => this.#apply());

    connectedCallback() {
      // Set before the element was defined, it stands in the way of the accessor.
      if (Object.hasOwn(this, 'options')) {
        const { options } = this;
        Reflect.deleteProperty(this, 'options');
        this.#options = options ?? {};
      }
      this.#attributes.observe(this, { attributes: true });
      this.#apply();
    }

    disconnectedCallback() {
      this.#attributes.disconnect();
      // An element that is only moved is back by then.
      queueMicrotask(() => {
        if (!this.isConnected) this.#leave();
      });
    }

    get options(): Options {
      return this.#options;
    }

    set options(options: Options) {
      this.#options = options ?? {};
      if (this.isConnected) this.#apply();
    }

    get connect(): Connect | null {
      return this.#connect;
    }

    open() {
      this.#ask((connect) => connect.open());
    }

    close() {
      this.#ask((connect) => connect.close());
    }

    #ask(act: (connect: Connect) => void) {
      if (this.#connect) act(this.#connect);
      else if (this.#identity) this.#waiting.push(act);
    }

    #leave() {
      this.#connect?.destroy();
      this.#connect = null;
      this.#waiting = [];
      this.#identity = '';
    }

    async #apply() {
      const entries = [...this.attributes].map(({ name, value }) => [camelCase(name), value]);
      const { widgetId, businessName, options } = describe(Object.fromEntries(entries));
      if (!widgetId) return;
      const container = this.hasAttribute('modal') ? null : this;
      const all: Options = { ...options, ...this.#options, container, onEvent: (event) => this.#tell(event) };
      const identity = JSON.stringify([widgetId, businessName, all.apiUrl, container === null]);
      const names = Object.keys(all);
      // An option that is taken back is as if it had never been there.
      if (identity === this.#identity && this.#told.every((name) => names.includes(name))) {
        this.#told = names;
        this.#ask((connect) => connect.update(all));
        return;
      }
      this.#leave();
      this.#identity = identity;
      this.#told = names;
      const waiting = this.#waiting;
      try {
        const connect = await init(widgetId, businessName, all);
        // Left meanwhile, or begun anew.
        if (this.#waiting !== waiting) return connect?.destroy();
        this.#connect = connect;
        for (const act of connect ? waiting.splice(0) : []) act(connect!);
      } catch (error) {
        console.error(error);
        // What is changed then begins anew.
        if (this.#waiting === waiting) this.#leave();
      }
    }

    #tell(event: AnyEvent) {
      this.#options.onEvent?.(event);
      this.dispatchEvent(new CustomEvent(`railhead-${event.type}`, { detail: event.detail, bubbles: true, composed: true }));
    }
  }

  customElements.define(name, RailheadConnect);
}

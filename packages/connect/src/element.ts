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
    #identity = '';
    #options: Options = {};
    #attributes = new MutationObserver(() => this.#apply());

    connectedCallback() {
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
      this.#connect?.open();
    }

    close() {
      this.#connect?.close();
    }

    #leave() {
      this.#connect?.destroy();
      this.#connect = null;
      this.#identity = '';
    }

    async #apply() {
      const entries = [...this.attributes].map(({ name, value }) => [camelCase(name), value]);
      const { widgetId, businessName, options } = describe(Object.fromEntries(entries));
      if (!widgetId) return;
      const container = this.hasAttribute('modal') ? null : this;
      const all: Options = { ...options, ...this.#options, container, onEvent: (event) => this.#tell(event) };
      const identity = JSON.stringify([widgetId, businessName, all.apiUrl, container === null]);
      if (identity === this.#identity) {
        this.#connect?.update(all);
        return;
      }
      this.#leave();
      this.#identity = identity;
      try {
        const connect = await init(widgetId, businessName, all);
        if (this.#identity === identity) this.#connect = connect;
        else connect?.destroy();
      } catch (error) {
        console.error(error);
      }
    }

    #tell(event: AnyEvent) {
      this.#options.onEvent?.(event);
      this.dispatchEvent(new CustomEvent(`railhead-${event.type}`, { detail: event.detail, bubbles: true, composed: true }));
    }
  }

  customElements.define(name, RailheadConnect);
}

// The options of `init`, as a host page writes them. The widget checks them; here they are only described.

import type { EventListeners, AnyEvent } from './events.js';
import type { Messages } from './messages.generated.js';
import type { ServiceKind } from './protocol.generated.js';

/** Everything `init` can be told. All of it is optional. */
export interface Options extends Callbacks {
  /**
   * Where the widget goes: an element, or a selector of one. It is then part of your page (inline).
   * Without it, it opens as a modal dialog above the page.
   */
  container?: Element | string | null;
  /** Start opened? Default `true`. With `false`, everything is made ready and `open()` shows it. */
  open?: boolean;
  /**
   * Address of your Railhead server, for example `https://connect.example.com`.
   * Default: where the script came from; with the npm package, the page's own origin.
   */
  apiUrl?: string;
  /** A session token that your server asked for, bound to one business. */
  sessionToken?: string;
  /** Where the end user goes when done; on an origin registered for the widget. Stands above the widget's own setting. */
  successUrl?: string;
  /** Where the end user goes when leaving before the end; on the page's own origin. Stands above the widget's own setting. */
  closeUrl?: string;
  /** Which services are offered, by `serviceName`. `include` is the whole list; `exclude` takes away from it. */
  services?: { include?: string[]; exclude?: string[] };
  /** Which kinds of service are offered: one step each, in this order. Without it, all of them are in one list. */
  kinds?: ServiceKind[];
  /** Kinds that the end user cannot pass before one of their services is connected. */
  requiredKinds?: ServiceKind[];
  /** May the kinds that are not required be skipped? Default `true`. */
  skippable?: boolean;
  /** Begin with an overview of who asks for what, and why? Default: where there is more than one kind to go through. */
  overview?: boolean;
  /** Colours, shape and type. Every token is also a CSS custom property, `--railhead-…`. */
  theme?: Theme;
  /** `system` follows the end user's device. Default: inline, your page's own CSS `color-scheme`; as a modal, the device. */
  colorScheme?: 'light' | 'dark' | 'system';
  /**
   * The end user's language as BCP 47, for example `en` or `fr-CA`; the best match among the languages there are.
   * Default: your page's own (`<html lang>`), then the browser's.
   */
  locale?: string;
  /** Your own words for any sentence, by its key; `"close@fr"` counts in French only. docs/TEXTS.md lists the keys. */
  messages?: Messages;
  /** Address of your logo, shown where the end user is asked for consent. */
  logo?: string;
  /** Your pages that the widget links to. */
  links?: { terms?: string; privacy?: string; help?: string };
  /**
   * How the widget is kept apart from your page: in a shadow root of it, or in a frame of your Railhead server's origin. `auto` (the
   * default) takes the shadow root and, where your page's Content-Security-Policy refuses that, the frame.
   */
  isolation?: 'auto' | 'shadow' | 'frame';
  /** A CSP nonce, for what the widget may have to add to your page. Without effect in this version: it adds nothing that needs one. */
  nonce?: string;
  /** Facts of your own, at most 2 KiB as JSON; they come back in the `connect` event and, unless the session is your server’s own, in webhooks. */
  metadata?: Record<string, unknown>;
  /**
   * How many seconds the end user has for one authorization, from 60 to 3600; then it is given up with the code `timed_out`.
   * Without it, there is time for as long as they are seen to be busy, up to an hour.
   */
  timeout?: number;
}

/** One function per event; the same as `on(event, listener)`. */
export interface Callbacks {
  /** The session has answered; the widget is usable. */
  onLoad?: EventListeners['load'];
  /** The widget became visible. */
  onOpen?: EventListeners['open'];
  /** The end user picked a service. */
  onSelect?: EventListeners['select'];
  /** The end user went on to the service's own site. */
  onAuthorization?: EventListeners['authorization'];
  /** A connection was made or renewed. */
  onConnect?: EventListeners['connect'];
  /** Something went wrong; `code` says what. */
  onError?: EventListeners['error'];
  /** The browser goes on to the success page. */
  onRedirect?: EventListeners['redirect'];
  /** The widget was left. Exactly once per opening, after everything else. */
  onExit?: EventListeners['exit'];
  /** Every event, before the callback of its own. */
  onEvent?: (event: AnyEvent) => void;
}

/**
 * Design tokens. Colours take any CSS colour, `radius`, `fontSize` and `spacing` any CSS length. What is left out follows
 * from your page's CSS, the widget's settings, the other tokens and the colour scheme. `update({ theme })` replaces the whole theme.
 */
export interface Theme {
  /** The primary action. */
  primary?: string;
  /** Text on `primary`. Computed when absent. */
  onPrimary?: string;
  /** Focus, progress and other small highlights; `primary` when absent. */
  accent?: string;
  /** The card of the modal. Inline, tell it what your page has there, for the checks of contrast. */
  background?: string;
  /** Tiles, fields and buttons on it; `background`, or a little lighter in the dark, when absent. */
  surface?: string;
  /** Text. */
  text?: string;
  /** Text that steps back. */
  mutedText?: string;
  /** Lines around tiles and fields. */
  border?: string;
  /** "It worked". */
  success?: string;
  /** "Look here". */
  warning?: string;
  /** "It did not work". */
  danger?: string;
  /** Roundness of corners, for example `8px`. */
  radius?: string;
  /** Font of all text, for example `"Inter", sans-serif`, or `inherit`: your page's font where the widget stands. */
  fontFamily?: string;
  /** Size of body text. */
  fontSize?: string;
  /** The unit of all gaps. */
  spacing?: string;
  /** `compact` makes everything a quarter lower and the text one pixel smaller: for tools that people use all day. */
  density?: 'comfortable' | 'compact';
  /** The modal's shadow: a CSS `box-shadow`, or `none`. */
  shadow?: string;
}

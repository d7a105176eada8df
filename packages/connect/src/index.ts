// The npm package's front door. Importing it does nothing by itself, on a server as in a browser.

import { defineElementWith } from './element.js';
import { createInit, type Init } from './init.js';

export const init: Init = createInit({});

/** Registers the custom element, `<railhead-connect>` unless another name is given. */
export function defineElement(name = 'railhead-connect'): void {
  defineElementWith(init, name);
}

/** The version of this package. */
export const version: string = RAILHEAD_VERSION;

export { ConnectError } from './errors.js';
export type { RailheadConnectElement } from './element.js';
export type { AnyEvent, ConnectErrorCode, EventDetails, EventListeners, EventName } from './events.js';
export type { Init } from './init.js';
export type { Connect } from './instance.js';
export type { Language, MessageKey, Messages, PluralForm } from './messages.generated.js';
export type { Callbacks, Options, Theme } from './options.js';
export type { Account, Connection, ConnectionStatus, DisconnectReason, ErrorCode, ExitReason, Problem, ServiceKind } from './protocol.generated.js';

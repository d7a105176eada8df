// What `init` rejects with.

import type { ConnectErrorCode } from './events.js';

/** An error that says what to branch on and, where an option is to blame, which one. */
export class ConnectError extends Error {
  /** What to branch on. */
  readonly code: ConnectErrorCode;
  /** The argument or option at fault. */
  readonly option: string | undefined;

  /** @internal */
  constructor(code: ConnectErrorCode, message: string, option?: string) {
    super(message);
    this.name = 'ConnectError';
    this.code = code;
    this.option = option;
  }
}

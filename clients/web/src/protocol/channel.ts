// SPDX-License-Identifier: MIT

import type { BoardFiles } from '../files/board-files.ts';

/** How a terminal is asked for: to hold it, to hold it whoever does now, or only to see its output. */
export type Mode = 'hold' | 'takeover' | 'watch';

/** What one edition of the protocol makes of an open connection. */
export interface Channel {
  readonly edition: 1 | 2;
  /** After login, where the board offers any. */
  readonly files: (BoardFiles & { readonly root: string }) | null;
  hear(data: string | ArrayBuffer): void;
  login(password: string): void;
  /** Asks again for a terminal that was held by somebody else. */
  attach(mode: Mode): void;
  send(text: string): void;
  interrupt(): void;
  resize(columns: number, rows: number): void;
  /** The connection is over. */
  end(): void;
}

export interface ChannelEvents {
  /** The board asks for the password; answered by `login()`. */
  onPrompt(): void;
  onConnected(watching: boolean): void;
  /** Somebody else holds the terminal. */
  onBusy(reason: string): void;
  onDenied(): void;
  /** Whoever answers does not speak WebREPL. */
  onForeign(): void;
  /** Whoever answers does not know the password itself. */
  onImpostor(): void;
  onOutput(text: string): void;
  /** Binary messages that only the caller understands. */
  onBinary(data: ArrayBuffer): void;
}

export const INTERRUPT = '\x03';

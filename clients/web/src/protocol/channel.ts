// SPDX-License-Identifier: MIT

import type { BoardFiles } from '../files/board-files.ts';

/** How to attach to the terminal: hold it, take it over from its holder, or only see its output. */
export type Mode = 'hold' | 'takeover' | 'watch';

/** What one edition of the protocol does with an open connection. */
export interface Channel {
  readonly edition: 1 | 2;
  /** Available after login, if the board offers files. */
  readonly files: BoardFiles | null;
  /** Of the firmware, after login; '' if the edition does not tell. */
  readonly version: string;
  hear(data: string | ArrayBuffer): void;
  login(password: string): void;
  /** Asks again for a terminal that another client held. */
  attach(mode: Mode): void;
  send(text: string): void;
  interrupt(): void;
  resize(columns: number, rows: number): void;
  /** Makes the board answer, if the edition can. */
  ping(): void;
  /** The connection is over. */
  end(): void;
}

export interface ChannelEvents {
  /** The board asks for the password; answered by `login()`. */
  onPrompt(): void;
  onConnected(watching: boolean): void;
  /** Another client holds the terminal. */
  onBusy(reason: string): void;
  onDenied(): void;
  /** The server does not speak WebREPL. */
  onForeign(): void;
  /** The server does not know the password itself. */
  onImpostor(): void;
  onOutput(text: string): void;
  /** Binary messages that only the caller understands. */
  onBinary(data: ArrayBuffer): void;
}

export const INTERRUPT = '\x03';

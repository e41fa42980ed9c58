// SPDX-License-Identifier: MIT

import { BoardError } from './codes.ts';
import { decode, HEAD_BYTES, type Hello, type Message, message, readHello, readNumbers, readResult } from './messages.ts';
import { Type } from './types.ts';

/** Bytes of output, entries or contents that may be under way: enough to keep a fast network busy, and not so many that
 * they fill a slow one. */
export const WINDOW_BYTES = 64 * 1024;

/** The terminal's stream. */
const TERMINAL = 0;

export interface ConversationEvents {
  send(bytes: Uint8Array<ArrayBuffer>): void;
  onHello(hello: Hello): void;
  /** Output of the terminal, in any pieces. */
  onOutput(bytes: Uint8Array): void;
  /** A watcher has missed this many bytes of output. */
  onLost(bytes: number): void;
}

/** What an operation receives before its result. */
export interface Listener {
  /** Bytes of its stream. */
  onData?(bytes: Uint8Array): void;
  /** Value of OPENED. */
  onOpened?(value: Uint8Array): void;
  /** How many more bytes may be sent. */
  onCredit?(bytes: number): void;
}

interface Operation extends Listener {
  readonly resolve: (value: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  readonly about: string;
  unacknowledged: number;
}

/**
 * The second edition's side of a client: operations, their results and streams, and the terminal's flow control.
 *
 * It has no socket and no clock: messages arrive in `hear()` and leave by `send`.
 */
export class Conversation {
  readonly #events: ConversationEvents;
  readonly #operations = new Map<number, Operation>();
  #hello: Hello | null = null;
  #lastId = 0;
  #inputCredit = 0;
  #input: Uint8Array[] = [];
  #outputTaken = 0;
  #ended: Error | null = null;

  constructor(events: ConversationEvents) {
    this.#events = events;
  }

  /** Bytes of one DATA message. */
  get pieceBytes(): number {
    return (this.#hello?.maxMessage ?? 1024) - HEAD_BYTES;
  }

  /**
   * Takes a message of the board.
   *
   * @throws RangeError for one that is shorter than its type says
   */
  hear(bytes: Uint8Array): void {
    const heard = decode(bytes);
    switch (heard.type) {
      case Type.HELLO:
        this.#hello = readHello(heard.body);
        this.#events.onHello(this.#hello);
        break;
      case Type.RESULT:
        this.#result(heard);
        break;
      case Type.OPENED:
        this.#operations.get(heard.id)?.onOpened?.(heard.body);
        break;
      case Type.DATA:
        this.#data(heard);
        break;
      case Type.CREDIT:
        this.#credit(heard.id, readNumbers(heard.body, 4)[0]!);
        break;
      case Type.LOST:
        this.#events.onLost(readNumbers(heard.body, 4)[0]!);
        break;
    }
  }

  /**
   * Begins an operation.
   *
   * @param make  makes the message, given its id
   * @param about the subject of the operation, for error messages
   * @returns the value of its result; rejects with a BoardError, or if the conversation ends first
   */
  begin(make: (id: number) => Uint8Array<ArrayBuffer>, about = '', listener: Listener = {}): { id: number; result: Promise<Uint8Array> } {
    const id = this.#freeId();
    const result = new Promise<Uint8Array>((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      this.#operations.set(id, { ...listener, resolve, reject, about, unacknowledged: 0 });
      this.#events.send(make(id));
    });
    return { id, result };
  }

  cancel(id: number): void {
    if (this.#operations.has(id)) {
      this.#events.send(message.cancel(id));
    }
  }

  /** Sends bytes of an operation's stream; the caller observes its credit. */
  sendData(id: number, bytes: Uint8Array): void {
    this.#events.send(message.data(id, bytes));
  }

  /** We hold the terminal, or (with 0) only watch it. */
  attached(inputCredit: number): void {
    this.#inputCredit = inputCredit;
    this.#pumpInput();
  }

  /** Keys for the terminal; they are sent as the program accepts them. */
  type(bytes: Uint8Array): void {
    this.#input.push(bytes);
    this.#pumpInput();
  }

  /** Drops keys that have not been sent. */
  discardInput(): void {
    this.#input = [];
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#events.send(bytes);
  }

  /** The connection is over, which ends everything that was under way. */
  end(reason: Error): void {
    this.#ended = reason;
    this.#input = [];
    for (const operation of this.#operations.values()) {
      operation.reject(reason);
    }
    this.#operations.clear();
  }

  #result({ id, body }: Message): void {
    const operation = this.#operations.get(id);
    const { code, value } = readResult(body);
    this.#operations.delete(id);
    if (operation === undefined) {
      return;
    }
    if (code === 0) {
      operation.resolve(value);
    } else {
      operation.reject(Object.assign(new BoardError(code, operation.about), { value }));
    }
  }

  #data({ id, body }: Message): void {
    if (id === TERMINAL) {
      this.#outputTaken = this.#acknowledge(TERMINAL, this.#outputTaken + body.length);
      this.#events.onOutput(body);
      return;
    }
    const operation = this.#operations.get(id);
    if (operation !== undefined) {
      operation.unacknowledged = this.#acknowledge(id, operation.unacknowledged + body.length);
      operation.onData?.(body);
    }
  }

  /** Gives credit back in pieces that are worth a message. @returns the credit that is still to be given */
  #acknowledge(id: number, bytes: number): number {
    if (bytes < WINDOW_BYTES / 4) {
      return bytes;
    }
    this.#events.send(message.credit(id, bytes));
    return 0;
  }

  #credit(id: number, more: number): void {
    if (id === TERMINAL) {
      this.#inputCredit += more;
      this.#pumpInput();
    } else {
      this.#operations.get(id)?.onCredit?.(more);
    }
  }

  #pumpInput(): void {
    for (let piece = this.#input[0]; piece !== undefined && this.#inputCredit > 0; piece = this.#input[0]) {
      const now = piece.subarray(0, Math.min(this.#inputCredit, this.pieceBytes));
      if (now.length === piece.length) {
        this.#input.shift();
      } else {
        this.#input[0] = piece.subarray(now.length);
      }
      if (now.length > 0) {
        this.#inputCredit -= now.length;
        this.sendData(TERMINAL, now);
      }
    }
  }

  #freeId(): number {
    do {
      this.#lastId = (this.#lastId % 0xffff) + 1;
    } while (this.#operations.has(this.#lastId));
    return this.#lastId;
  }
}

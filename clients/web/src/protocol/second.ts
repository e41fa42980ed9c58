// SPDX-License-Identifier: MIT

import type { Channel, ChannelEvents, Mode } from './channel.ts';
import { BoardError, Code } from './codes.ts';
import { Conversation, WINDOW_BYTES } from './conversation.ts';
import { type Hello, message, NONCE_BYTES, PROOF_BYTES, readHolder, readNumbers } from './messages.ts';
import { deriveKey, LEAST_ITERATIONS, MOST_ITERATIONS, proofOf, same } from './proof.ts';
import { SecondFiles } from './second-files.ts';
import { Type } from './types.ts';

export const SUBPROTOCOL = 'webrepl.2';

/** The greeting of the classic edition. The program does not repeat a prompt that it has already shown. */
const GREETING = 'WebREPL connected\r\n>>> ';
const WATCHING = 'WebREPL connected, to look on\r\n';

const FLAGS: Record<Mode, number> = { hold: 0, watch: 1, takeover: 2 };

/** Sends bytes, and knows how many are waiting. */
export interface ByteSink {
  readonly bufferedAmount: number;
  send(data: ArrayBuffer): void;
}

/** The second edition (docs/webrepl-protocol.md section 2). */
export class SecondChannel implements Channel {
  readonly edition = 2;
  files: SecondFiles | null = null;
  version = '';
  readonly #events: ChannelEvents;
  readonly #sink: ByteSink;
  readonly #conversation: Conversation;
  /** Characters may be cut anywhere between messages. */
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  #hello: Hello | null = null;
  #mode: Mode;
  #holds = false;
  #size = { columns: 0, rows: 0 };

  constructor(sink: ByteSink, mode: Mode, events: ChannelEvents) {
    this.#sink = sink;
    this.#mode = mode;
    this.#events = events;
    this.#conversation = new Conversation({
      send: (bytes) => sink.send(bytes.buffer),
      onHello: (hello) => this.#greet(hello),
      onOutput: (bytes) => events.onOutput(this.#decoder.decode(bytes, { stream: true })),
      onLost: (bytes) => events.onOutput(`\r\n\x1b[0;2m[${bytes} bytes of output were missed]\x1b[0m\r\n`),
    });
  }

  hear(data: string | ArrayBuffer): void {
    try {
      if (typeof data === 'string') {
        throw new RangeError('Text has no place here');
      }
      this.#conversation.hear(new Uint8Array(data));
    } catch {
      this.#events.onForeign();
    }
  }

  login(password: string): void {
    void this.#login(password);
  }

  attach(mode: Mode): void {
    this.#mode = mode;
    void this.#attach();
  }

  send(text: string): void {
    if (this.#holds) {
      this.#conversation.type(this.#encoder.encode(text));
    }
  }

  interrupt(): void {
    if (this.#holds) {
      this.#conversation.discardInput();
      this.#conversation.begin((id) => message.interrupt(id, true)).result.catch(() => {});
    }
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    if (this.#holds) {
      this.#conversation.send(message.size(columns, rows));
    }
  }

  ping(): void {
    this.#conversation.begin((id) => message.paths(Type.PING, id)).result.catch(() => {});
  }

  end(): void {
    this.files = null;
    this.#holds = false;
    this.#conversation.end(new Error('the connection has ended'));
  }

  #greet(hello: Hello): void {
    this.#hello = hello;
    if (!hello.asksPassword) {
      void this.#enter(new Uint8Array(NONCE_BYTES), null);
    } else if (hello.iterations < LEAST_ITERATIONS || hello.iterations > MOST_ITERATIONS) {
      this.#events.onImpostor();
    } else {
      this.#events.onPrompt();
    }
  }

  async #login(password: string): Promise<void> {
    const { salt, iterations } = this.#hello!;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    await this.#enter(nonce, await deriveKey(password, salt, iterations));
  }

  /** @param key null: the board asks for no password */
  async #enter(nonce: Uint8Array, key: Uint8Array | null): Promise<void> {
    const hello = this.#hello!;
    const proof = key === null ? new Uint8Array(PROOF_BYTES) : proofOf('client', key, hello.nonce, nonce);
    let value: Uint8Array;
    try {
      value = await this.#conversation.begin((id) => message.login(id, nonce, proof)).result;
      if (key !== null && !same(proofOf('server', key, hello.nonce, nonce), value.subarray(0, PROOF_BYTES))) {
        this.#events.onImpostor();
        return;
      }
    } catch (error) {
      if (error instanceof BoardError) {
        this.#events.onDenied();
      }
      return;
    }
    this.version = value.subarray(PROOF_BYTES, PROOF_BYTES + 3).join('.');
    if (hello.files) {
      this.files = new SecondFiles(this.#conversation, hello.maxOperations, () => this.#sink.bufferedAmount);
    }
    await this.#attach();
  }

  async #attach(): Promise<void> {
    const { columns, rows } = this.#size;
    const watching = this.#mode === 'watch';
    try {
      const value = await this.#conversation.begin(
        (id) => message.attach(id, FLAGS[this.#mode], columns, rows, WINDOW_BYTES),
      ).result;
      this.#holds = !watching;
      this.#conversation.attached(readNumbers(value, 4)[0]!);
      this.#events.onConnected(watching);
      this.#events.onOutput(watching ? WATCHING : GREETING);
    } catch (error) {
      if (error instanceof BoardError) {
        this.#events.onBusy(reasonOf(error));
      }
    }
  }
}

function reasonOf(error: BoardError & { value?: Uint8Array }): string {
  if (error.code !== Code.EBUSY || error.value === undefined) {
    return `The terminal is not to be had: ${error.message}.`;
  }
  const { address, seconds } = readHolder(error.value);
  return `In use by ${address} for ${duration(seconds)}.`;
}

/** As people say it. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

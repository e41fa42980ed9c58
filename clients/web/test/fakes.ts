// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import type { Status, WebReplOptions, WebSocketLike } from '../src/webrepl.ts';
import { WebRepl } from '../src/webrepl.ts';

interface Appointment {
  readonly id: number;
  readonly due: number;
  readonly action: () => void;
}

/** Takes the place of setTimeout and clearTimeout; time passes only in `advance()`. */
export class FakeClock {
  #now = 0;
  #lastId = 0;
  #appointments: Appointment[] = [];
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

  install(): void {
    this.#appointments = [];
    globalThis.setTimeout = ((action: () => void, delay: number) => {
      const id = ++this.#lastId;
      this.#appointments.push({ id, due: this.#now + delay, action });
      return id;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((id: number) => {
      this.#appointments = this.#appointments.filter((appointment) => appointment.id !== id);
    }) as unknown as typeof clearTimeout;
  }

  restore(): void {
    Object.assign(globalThis, this.#real);
  }

  /** Timers that are still set. */
  get pending(): number {
    return this.#appointments.length;
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = next.due;
      clearTimeout(next.id);
      next.action();
    }
    this.#now = end;
  }

  #next(end: number): Appointment | undefined {
    const due = this.#appointments.filter((appointment) => appointment.due <= end);
    return due.sort((a, b) => a.due - b.due)[0];
  }
}

/** A WebSocket whose other end is the test. */
export class FakeSocket implements WebSocketLike {
  binaryType = 'blob';
  bufferedAmount = 0;
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  onerror: WebSocketLike['onerror'] = null;
  readonly sent: string[] = [];
  readonly sentBytes: Uint8Array[] = [];
  closedWith: number | undefined;
  opened = false;
  /** What the other end has chosen of `protocols`. */
  protocol = '';
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: readonly string[] = []) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: string | ArrayBuffer): void {
    if (typeof data === 'string') {
      this.sent.push(data);
    } else {
      this.sentBytes.push(new Uint8Array(data));
    }
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  open(protocol = ''): void {
    this.opened = true;
    this.protocol = protocol;
    this.onopen?.({});
  }

  says(...messages: (string | ArrayBuffer)[]): void {
    for (const data of messages) {
      this.onmessage?.({ data });
    }
  }

  closes(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason });
  }
}

/** A session, what it reported, and the sockets that it opened. */
export class Bench {
  readonly sockets: FakeSocket[] = [];
  readonly statuses: Status[] = [];
  readonly binary: ArrayBuffer[] = [];
  readonly session: WebRepl;
  text = '';

  constructor(options: WebReplOptions = {}) {
    const { sockets } = this;
    this.session = new WebRepl('ws://board/ws', {
      onStatus: (status) => this.statuses.push(status),
      onOutput: (text) => {
        this.text += text;
      },
      onBinary: (data) => this.binary.push(data),
      WebSocket: class extends FakeSocket {
        constructor(url: string, protocols?: string[]) {
          super(url, protocols);
          sockets.push(this);
        }
      },
      ...options,
    });
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) {
      throw new Error('No socket was opened');
    }
    return socket;
  }

  /** The connection is lost, or cannot be made, in neither edition. */
  fails(): void {
    if (!this.socket.opened) {
      this.socket.closes();
    }
    this.socket.closes();
  }

  /** Asserts what matters of the status. */
  isIn(expected: Partial<Status>): void {
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(this.session.status[name as keyof Status], value, name);
    }
  }

  get states(): string[] {
    return this.statuses.map((status) => status.state);
  }

  /** Connects to a board that asks for a password. */
  prompted(): this {
    this.session.connect();
    this.socket.open();
    this.socket.says('Password: ');
    return this;
  }

  /** Connects and logs in with the right password. */
  loggedIn(): this {
    this.prompted();
    this.session.login('secret');
    this.socket.says('\r\nWebREPL connected\r\n>>> ');
    return this;
  }
}

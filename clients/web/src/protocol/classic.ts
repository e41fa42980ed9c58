// SPDX-License-Identifier: MIT

import { type Channel, type ChannelEvents, INTERRUPT } from './channel.ts';
import { LoginDialogue, type Verdict } from './login.ts';
import { Outbox, type Sink } from './outbox.ts';

/** The classic edition: a password prompt and a terminal, all of it text. */
export class ClassicChannel implements Channel {
  readonly edition = 1;
  readonly files = null;
  readonly version = '';
  readonly #events: ChannelEvents;
  readonly #outbox: Outbox;
  readonly #dialogue = new LoginDialogue();
  #connected = false;

  constructor(sink: Sink, events: ChannelEvents) {
    this.#outbox = new Outbox(sink);
    this.#events = events;
  }

  hear(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      if (this.#connected) {
        this.#events.onBinary(data);
      }
    } else if (this.#connected) {
      this.#events.onOutput(data);
    } else {
      this.#judge(this.#dialogue.hear(data));
    }
  }

  login(password: string): void {
    this.#outbox.push(`${password}\r`);
  }

  /** In this edition, a board closes the connection if its terminal is held. */
  attach(): void {}

  send(text: string): void {
    this.#outbox.push(text);
  }

  interrupt(): void {
    this.#outbox.clear();
    this.#outbox.push(INTERRUPT);
  }

  /** This edition has no message for it. */
  resize(): void {}

  /** Nor for this. */
  ping(): void {}

  end(): void {
    this.#outbox.clear();
  }

  #judge(verdict: Verdict | null): void {
    switch (verdict?.kind) {
      case 'prompt':
        this.#events.onPrompt();
        break;
      case 'connected':
        this.#connected = true;
        this.#events.onConnected(false);
        this.#events.onOutput(verdict.text);
        break;
      case 'denied':
        this.#events.onDenied();
        break;
      case 'foreign':
        this.#events.onForeign();
        break;
    }
  }
}

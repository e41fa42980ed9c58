// SPDX-License-Identifier: MIT

import { type Look, lookOf } from './look.ts';
import type { Status } from './webrepl.ts';

export interface ViewEvents {
  onLogin(password: string): void;
  onConnect(): void;
  onDisconnect(): void;
}

function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Everything around the terminal: header, login form, notices. */
export class View {
  readonly #status = element('status');
  readonly #disconnect = element<HTMLButtonElement>('disconnect');
  readonly #panel = element('panel');
  readonly #form = element<HTMLFormElement>('login');
  readonly #password = element<HTMLInputElement>('password');
  readonly #submit = element<HTMLButtonElement>('connect');
  readonly #error = element('error');
  readonly #notice = element('notice');
  readonly #title = element('title');
  readonly #message = element('message');
  readonly #again = element<HTMLButtonElement>('again');
  readonly #board: string;
  readonly #events: ViewEvents;
  #look: Look | null = null;
  #countdown: ReturnType<typeof setInterval> | undefined;

  /** @param board host of the board, as people write it */
  constructor(board: string, events: ViewEvents) {
    this.#board = board;
    this.#events = events;
    element('host').textContent = board;
    element('board').textContent = board;
    element('elsewhere').hidden = board === location.host;
    this.#listen();
  }

  /** @param used the terminal holds output, which a notice must not cover */
  show(status: Status, used: boolean): void {
    const look = lookOf(status, this.#board, this.#look);
    const before = this.#look;
    this.#look = look;

    document.title = `${this.#board} · ${look.label} · WebREPL`;
    document.body.dataset.state = status.state;
    this.#status.dataset.state = status.state;
    this.#status.classList.toggle('seeking', status.state === 'connecting' || status.retryAfter !== null);
    this.#status.textContent = look.label;
    this.#disconnect.textContent = look.ending;
    this.#disconnect.hidden = look.ending === '';

    this.#panel.dataset.place = look.panel === 'notice' && used ? 'dock' : 'card';
    this.#panel.hidden = look.panel === 'none';
    this.#form.hidden = look.panel !== 'login';
    this.#notice.hidden = look.panel !== 'notice';
    this.#showLogin(look);
    if (look.panel !== 'login' || status.state === 'denied') {
      this.#password.value = '';
    }
    this.#showNotice(look, status.retryAfter);
    this.#moveFocus(look, before);
  }

  #listen(): void {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#events.onLogin(this.#password.value);
    });
    this.#password.addEventListener('input', () => this.#setError(''));
    this.#again.addEventListener('click', () => this.#events.onConnect());
    this.#disconnect.addEventListener('click', () => this.#events.onDisconnect());
  }

  #showLogin(look: Look): void {
    this.#submit.disabled = look.checking;
    this.#submit.textContent = look.checking ? 'Checking…' : 'Connect';
    this.#password.readOnly = look.checking;
    this.#setError(look.error);
  }

  #setError(sentence: string): void {
    this.#error.textContent = sentence;
    this.#password.setAttribute('aria-invalid', String(sentence !== ''));
  }

  #showNotice(look: Look, retryAfter: number | null): void {
    clearInterval(this.#countdown);
    this.#title.textContent = look.title;
    this.#again.textContent = look.action;
    this.#again.hidden = look.action === '';
    if (retryAfter === null) {
      this.#message.textContent = look.message;
      return;
    }
    const until = Date.now() + retryAfter;
    const tick = () => {
      const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
      this.#message.textContent = `${look.message} Next attempt in ${seconds} s.`;
    };
    tick();
    this.#countdown = setInterval(tick, 250);
  }

  #moveFocus(look: Look, before: Look | null): void {
    if (look.panel === 'login' && !look.checking) {
      this.#password.focus();
    } else if (look.panel === 'notice' && before?.panel !== 'notice' && !this.#again.hidden) {
      this.#again.focus();
    }
  }
}

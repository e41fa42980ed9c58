// SPDX-License-Identifier: MIT

import { elsewhere, type Look, lookOf } from './look.ts';
import type { Parts } from './parts.ts';
import type { Status } from './webrepl.ts';

export interface ViewEvents {
  onLogin(password: string): void;
  onConnect(): void;
  onDisconnect(): void;
  onTakeOver(): void;
  onWatch(): void;
  onClassic(): void;
}

/** Everything around the terminal of one board: header, login form, notices. */
export class View {
  readonly #root: HTMLElement;
  readonly #board: string;
  readonly #events: ViewEvents;
  readonly #status: HTMLElement;
  readonly #disconnect: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #terminal: HTMLElement;
  readonly #form: HTMLElement;
  readonly #password: HTMLInputElement;
  readonly #submit: HTMLButtonElement;
  readonly #error: HTMLElement;
  readonly #notice: HTMLElement;
  readonly #title: HTMLElement;
  readonly #message: HTMLElement;
  readonly #again: HTMLElement;
  readonly #takeOver: HTMLElement;
  readonly #watch: HTMLElement;
  readonly #elsewhere: HTMLElement;
  readonly #clear: HTMLElement;
  readonly #classic: HTMLElement;
  #look: Look | null = null;
  #countdown: ReturnType<typeof setInterval> | undefined;

  /** @param board host of the board, as people write it */
  constructor(root: HTMLElement, parts: Parts, board: string, events: ViewEvents) {
    this.#root = root;
    this.#board = board;
    this.#events = events;
    this.#status = parts('status');
    this.#disconnect = parts('disconnect');
    this.#panel = parts('panel');
    this.#terminal = parts('terminal');
    this.#form = parts('login');
    this.#password = parts('password');
    this.#submit = parts('connect');
    this.#error = parts('error');
    this.#notice = parts('notice');
    this.#title = parts('title');
    this.#message = parts('message');
    this.#again = parts('again');
    this.#takeOver = parts('takeover');
    this.#watch = parts('watch');
    this.#elsewhere = parts('elsewhere');
    this.#clear = parts('clear');
    this.#classic = parts('classic');
    root.setAttribute('aria-label', board);
    parts('host').textContent = board;
    parts('board').textContent = board;
    this.#listen();
  }

  /** One word for its state. */
  get label(): string {
    return this.#look?.label ?? '';
  }

  /** @param used the terminal has output, which a notice must not cover */
  show(status: Status, used: boolean): void {
    const look = lookOf(status, this.#board, this.#look, location);
    const before = this.#look;
    this.#look = look;

    this.#root.dataset.state = status.state;
    this.#status.dataset.state = status.state;
    this.#status.classList.toggle('seeking', status.state === 'connecting' || status.retryAfter !== null);
    this.#status.textContent = look.label;
    this.#disconnect.querySelector('.text')!.textContent = look.ending;
    this.#disconnect.hidden = look.ending === '';

    this.#panel.dataset.place = look.panel === 'notice' && used ? 'dock' : 'card';
    this.#panel.hidden = look.panel === 'none';
    this.#form.hidden = look.panel !== 'login';
    this.#notice.hidden = look.panel !== 'notice';
    this.#showLogin(look, status.edition);
    if (look.panel !== 'login' || status.state === 'denied') {
      this.#password.value = '';
    }
    this.#showNotice(look, status.retryAfter);
    this.#moveFocus(look, before);
  }

  /** Takes the focus from wherever it is, for the form or the terminal that comes next. */
  focus(): void {
    this.#panel.focus();
  }

  /** For a board that is closed: stops the timers. */
  end(): void {
    clearInterval(this.#countdown);
  }

  #listen(): void {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#events.onLogin(this.#password.value);
    });
    this.#password.addEventListener('input', () => this.#setError(''));
    this.#again.addEventListener('click', () => this.#events.onConnect());
    this.#takeOver.addEventListener('click', () => this.#events.onTakeOver());
    this.#watch.addEventListener('click', () => this.#events.onWatch());
    this.#classic.addEventListener('click', () => this.#events.onClassic());
    this.#disconnect.addEventListener('click', () => this.#events.onDisconnect());
  }

  #showLogin(look: Look, edition: 1 | 2): void {
    this.#elsewhere.textContent = elsewhere(this.#board, edition, location);
    this.#elsewhere.hidden = this.#elsewhere.textContent === '';
    this.#submit.disabled = look.checking;
    this.#submit.textContent = look.checking ? 'Checking…' : look.clear ? 'Send it in clear' : 'Connect';
    this.#clear.hidden = !look.clear;
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
    this.#takeOver.hidden = !look.choices;
    this.#watch.hidden = !look.choices;
    this.#classic.hidden = !look.classic;
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

  /** Takes the focus only from itself, from its terminal or from nowhere: people may be typing in the editor. */
  #moveFocus(look: Look, before: Look | null): void {
    const { activeElement } = document;
    if (activeElement !== document.body && ![this.#panel, this.#terminal].some((place) => place.contains(activeElement))) {
      return;
    }
    if (look.panel === 'login' && !look.checking) {
      this.#password.focus();
    } else if (look.panel === 'notice' && before?.panel !== 'notice' && !this.#again.hidden) {
      this.#again.focus();
    }
  }
}

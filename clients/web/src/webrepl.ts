// SPDX-License-Identifier: MIT

/**
 * A WebREPL session over one WebSocket: login, terminal, files, reconnection.
 *
 * It offers the second edition of the protocol, in which the password stays here and files can be listed and changed. A
 * board that knows only the classic one gets the password from `login()` called while `status.edition` is 1, and from
 * nothing else. A board that has spoken the second edition is never asked in the classic one again.
 *
 * Needs nothing but a WebSocket, so it works in any page and in Node (before Node 22 pass the `ws` package's
 * class as `options.WebSocket`).
 *
 * ```ts
 * const session = new WebRepl('ws://192.168.4.1/ws', {
 *   onOutput: (text) => process.stdout.write(text),
 *   onStatus: (status) => status.state === 'password' && session.login('secret'),
 * });
 * session.connect();
 * ```
 */

import type { BoardFiles } from './files/board-files.ts';
import type { Channel, Mode } from './protocol/channel.ts';
import { ClassicChannel } from './protocol/classic.ts';
import { Pulse } from './protocol/pulse.ts';
import { SecondChannel, SUBPROTOCOL } from './protocol/second.ts';

export type { BoardFiles, Entry, Transfer } from './files/board-files.ts';
export type { Mode } from './protocol/channel.ts';
export { BoardError } from './protocol/codes.ts';

/**
 * - `connecting`: opening the socket, waiting for the greeting or for the verdict on a password
 * - `password`:   the board asks; call `login()`
 * - `connected`:  logged in, text flows
 * - `denied`:     wrong password; `login()` tries again on a new connection
 * - `busy`: another client holds the terminal; `connect()` tries again, takes it over, or watches
 * - `closed`:     no connection; `status.cause` says why
 */
export type State = 'connecting' | 'password' | 'connected' | 'denied' | 'busy' | 'closed';

/**
 * Why there is no connection:
 * - `user`:        never started, or `disconnect()`
 * - `blocked`:     this page may not open such a connection (ws: from an https: page, say)
 * - `unreachable`: the socket could not be opened
 * - `refused`:     something answers there, but it does not let this page open a session
 * - `foreign`: something answered, but not with WebREPL
 * - `older`:       something answers in the classic edition only, where the second was spoken before
 * - `impostor`:    something answered that does not know the password itself
 * - `unanswered`:  the connection ended before a password was accepted
 * - `lost`:        an open session ended without farewell
 * - `restart`:     the board said that it restarts
 * - `ended`:       the board ended the session on purpose
 * - `crowded`:     the board has as many clients as it takes; `status.reason` says of which kind
 */
export type Cause =
  | 'user' | 'blocked' | 'unreachable' | 'refused' | 'foreign' | 'older' | 'impostor' | 'unanswered' | 'lost' | 'restart'
  | 'ended' | 'crowded';

export interface Status {
  readonly state: State;
  /** Why; relevant in state `closed` and while reconnecting after a loss. */
  readonly cause: Cause;
  /** The server's own words on closing, often empty. Untrusted text. */
  readonly reason: string;
  /** Milliseconds from this report until the next attempt; null if there will be no automatic one. */
  readonly retryAfter: number | null;
  /** The edition of the protocol, once the connection is open; until then that of the last connection. */
  readonly edition: 1 | 2;
  /** Connected, but another client holds the terminal, so keys are ignored. */
  readonly watching: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: handlers of browsers and of Node.js take events of different classes
type Handler = ((event: any) => void) | null;

/** The part of the standard WebSocket class that a session uses. */
export interface WebSocketLike {
  binaryType: string;
  readonly protocol?: string;
  readonly bufferedAmount: number;
  onopen: Handler;
  onmessage: Handler;
  onclose: Handler;
  onerror: Handler;
  send(data: string | ArrayBuffer): void;
  close(code?: number, reason?: string): void;
}

export interface WebReplOptions {
  /** Every change of state. */
  onStatus?(status: Status): void;
  /** Terminal output, from the banner on. */
  onOutput?(text: string): void;
  /** Binary messages of a board of the classic edition: replies to file operations. */
  onBinary?(data: ArrayBuffer): void;
  /** The board has spoken the second edition before, so the classic one is not tried. */
  second?: boolean;
  /** Whether anything answers at the board's address by HTTP; browsers do not say why a WebSocket was not opened. */
  answersHttp?(): Promise<boolean>;
  /** Replaces the global WebSocket class. */
  WebSocket?: new (url: string, protocols?: string[]) => WebSocketLike;
}

/** Waits before attempts to reconnect; the last one repeats. */
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** A session that lasted this long counts as stable, so the next loss starts with the shortest wait again. */
export const SOUND_AFTER_MS = 10_000;

/** From `connect()` to the server's first sentence. */
export const GREETING_TIMEOUT_MS = 15_000;

/** A board that answers by HTTP may have been just about to accept a WebSocket, so it is asked once more. */
const REFUSALS = 2;

const SILENT = 'The board no longer answers.';

const CLOSE_NORMAL = 1000;
const CLOSE_POLICY = 1008;
const CLOSE_RESTART = 1012;
const CLOSE_BUSY = 4000;
const APPLICATION_CODES = 4000;

type Timer = ReturnType<typeof setTimeout>;

interface Connection {
  readonly socket: WebSocketLike;
  /** null: not open yet */
  channel: Channel | null;
  /** Which edition was asked for. */
  readonly offered: 1 | 2;
  /** The server asked for a password on this connection. */
  prompted: boolean;
}

export class WebRepl {
  readonly url: string;
  readonly #options: WebReplOptions;
  #connection: Connection | null = null;
  #status: Status = { state: 'closed', cause: 'user', reason: '', retryAfter: null, edition: 1, watching: false };
  #mode: Mode = 'hold';
  #size = { columns: 0, rows: 0 };
  #password: string | null = null;
  /** The password was accepted once, so a reconnection may use it without asking. */
  #passwordProven = false;
  /** The board speaks the second edition, so whatever offers only the classic one is not this board. */
  #second: boolean;
  /** The person knows that the password goes over the network in clear. */
  #clearTextAllowed = false;
  #failures = 0;
  #refusals = 0;
  #retryTimer: Timer | undefined;
  #greetingTimer: Timer | undefined;
  #soundTimer: Timer | undefined;
  #pulse: Pulse | null = null;

  /** @param url ws: or wss: address of the board. Nothing happens before `connect()`. */
  constructor(url: string | URL, options: WebReplOptions = {}) {
    this.url = String(url);
    this.#options = options;
    this.#second = options.second ?? false;
  }

  get status(): Status {
    return this.#status;
  }

  /** Files of the board, while logged in with the second edition. */
  get files(): BoardFiles | null {
    return this.#connection?.channel?.files ?? null;
  }

  /** Version of the firmware, as 1.28.0, while logged in with the second edition; otherwise ''. */
  get version(): string {
    return this.#connection?.channel?.version ?? '';
  }

  /**
   * Opens a connection now, or asks once more for a terminal that another client holds. It has no effect on a session
   * that has what it asked for. It ends a planned wait.
   *
   * @param mode what to do if another client holds the terminal; the classic edition only has `hold`
   */
  connect(mode: Mode = 'hold'): void {
    this.#mode = mode;
    if (this.#connection === null) {
      this.#open(2);
    } else if (this.#status.state === 'busy') {
      this.#connection.channel?.attach(mode);
      this.#report({ state: 'connecting' });
    }
  }

  /** Also accepts the classic edition, from a board that has spoken the second one before. */
  connectClassic(): void {
    this.#second = false;
    this.connect();
  }

  /** Ends the session, forgets the password and makes no further attempts. */
  disconnect(): void {
    this.#drop();
    this.#forgetPassword();
    this.#clearTextAllowed = false;
    this.#failures = 0;
    this.#refusals = 0;
    this.#report({ state: 'closed', cause: 'user' });
  }

  /**
   * Answers the password prompt, on a new connection if there is none.
   *
   * The password is kept in memory until the board denies it or `disconnect()`, for reconnections. In the classic
   * edition it goes over the network in clear: then this asks for a password again, and sends the one that it is given
   * while `status` says so.
   *
   * @throws RangeError if the password holds a line end, which the protocol cannot carry.
   */
  login(password: string): void {
    if (/[\r\n]/.test(password)) {
      throw new RangeError('A WebREPL password cannot contain a line end');
    }
    this.#password = password;
    this.#passwordProven = false;
    if (this.#status.state === 'password') {
      this.#clearTextAllowed ||= this.#status.edition === 1;
      this.#sendPassword();
    } else {
      this.connect();
    }
  }

  /**
   * Sends keys, in pieces and no faster than the board accepts them. Text is sent unchanged. A REPL wants lines ended
   * by CR, see `paste()`.
   *
   * @returns false when not connected, or only watching; nothing is sent or kept then.
   */
  send(text: string): boolean {
    return this.#withTerminal((channel) => channel.send(text));
  }

  /** Sends text as if typed: every line end (CR LF, LF) becomes CR. Returns as `send()` does. */
  paste(text: string): boolean {
    return this.send(text.replace(/\r?\n/g, '\r'));
  }

  /** Sends Ctrl-C, and drops everything that is still waiting. Returns as `send()` does. */
  interrupt(): boolean {
    return this.#withTerminal((channel) => channel.interrupt());
  }

  /** Tells the board how large the terminal is, now and after a reconnection. */
  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#connection?.channel?.resize(columns, rows);
  }

  #withTerminal(action: (channel: Channel) => void): boolean {
    const channel = this.#connection?.channel;
    if (!channel || this.#status.state !== 'connected' || this.#status.watching) {
      return false;
    }
    action(channel);
    return true;
  }

  #open(edition: 1 | 2): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#greetingTimer);
    const socket = this.#createSocket(edition);
    if (socket === null) {
      this.#report({ state: 'closed', cause: 'blocked' });
      return;
    }
    const connection: Connection = { socket, channel: null, offered: edition, prompted: false };
    this.#connection = connection;
    socket.onopen = () => this.#opened(connection);
    socket.onmessage = (event: { data: string | ArrayBuffer }) => {
      this.#pulse?.heard();
      connection.channel?.hear(event.data);
    };
    socket.onclose = (event: { code: number; reason: string }) => this.#closed(event.code, event.reason);
    // An error says nothing that the close event behind it does not, but Node's `ws` wants a listener.
    socket.onerror = () => {};
    this.#greetingTimer = setTimeout(() => this.#giveUp(), GREETING_TIMEOUT_MS);
    this.#report({ state: 'connecting' });
  }

  #opened(connection: Connection): void {
    this.#refusals = 0;
    if (this.#second && connection.socket.protocol !== SUBPROTOCOL) {
      this.#drop();
      this.#report({ state: 'closed', cause: 'older' });
    } else {
      connection.channel = this.#createChannel(connection.socket);
    }
  }

  #createSocket(edition: 1 | 2): WebSocketLike | null {
    // The browser's own class differs from the interface only in how strictly it types its events.
    const Socket = this.#options.WebSocket ?? (globalThis.WebSocket as unknown as new (url: string, protocols?: string[]) => WebSocketLike);
    try {
      const socket = new Socket(this.url, edition === 2 ? [SUBPROTOCOL] : []);
      socket.binaryType = 'arraybuffer';
      return socket;
    } catch {
      return null;
    }
  }

  #createChannel(socket: WebSocketLike): Channel {
    const events = {
      onPrompt: () => this.#prompted(),
      onConnected: (watching: boolean) => this.#connected(watching),
      onBusy: (reason: string) => {
        clearTimeout(this.#greetingTimer);
        this.#passwordProven = this.#password !== null;
        this.#feelPulse();
        this.#report({ state: 'busy', reason });
      },
      onDenied: () => this.#denied(),
      onForeign: () => this.#giveUp(),
      onImpostor: () => {
        this.#drop();
        this.#forgetPassword();
        this.#report({ state: 'closed', cause: 'impostor' });
      },
      onOutput: (text: string) => this.#options.onOutput?.(text),
      onBinary: (data: ArrayBuffer) => this.#options.onBinary?.(data),
    };
    if (socket.protocol !== SUBPROTOCOL) {
      return new ClassicChannel(socket, events);
    }
    this.#second = true;
    const channel = new SecondChannel(socket, this.#mode, events);
    channel.resize(this.#size.columns, this.#size.rows);
    return channel;
  }

  #prompted(): void {
    clearTimeout(this.#greetingTimer);
    if (this.#connection !== null) {
      this.#connection.prompted = true;
    }
    const clear = this.#connection?.channel?.edition === 1 && !this.#clearTextAllowed;
    if (this.#password === null || clear) {
      this.#report({ state: 'password' });
    } else {
      this.#sendPassword();
    }
  }

  #sendPassword(): void {
    this.#report({ state: 'connecting' });
    this.#connection?.channel?.login(this.#password!);
  }

  #denied(): void {
    this.#drop();
    this.#forgetPassword();
    this.#report({ state: 'denied' });
  }

  #connected(watching: boolean): void {
    clearTimeout(this.#greetingTimer);
    this.#passwordProven = this.#password !== null;
    this.#feelPulse();
    // Who lost a terminal that was taken over should not take it back unasked.
    this.#mode = watching ? 'watch' : 'hold';
    this.#soundTimer = setTimeout(() => {
      this.#failures = 0;
    }, SOUND_AFTER_MS);
    this.#report({ state: 'connected', watching });
  }

  /** From login on; the classic edition has no message for it. */
  #feelPulse(): void {
    const channel = this.#connection?.channel;
    if (channel?.edition === 2) {
      this.#pulse ??= new Pulse(() => channel.ping(), () => this.#vanished());
    }
  }

  #vanished(): void {
    this.#drop();
    this.#retry('lost', SILENT);
  }

  /** There is no server, or it does not speak WebREPL. */
  #giveUp(): void {
    const foreign = Boolean(this.#connection?.channel);
    this.#drop();
    if (foreign) {
      this.#retry('foreign', '');
    } else {
      this.#unreachable();
    }
  }

  #closed(code: number, reason: string): void {
    const { channel = null, prompted = false, offered = 1 } = this.#connection ?? {};
    const { state } = this.#status;
    const loggedIn = state === 'connected' || state === 'busy';
    this.#drop();

    if (channel === null && offered === 2 && !this.#second) {
      // Browsers fail a connection whose server does not know the subprotocol, and do not say why.
      this.#open(1);
    } else if (channel === null && code < CLOSE_BUSY) {
      this.#unreachable();
    } else if (state === 'password' && code !== CLOSE_RESTART) {
      this.#report({ state: 'closed', cause: 'unanswered', reason });
    } else if (code === CLOSE_BUSY && channel?.edition === 2) {
      // Whether somebody holds the terminal is said by a message there.
      this.#report({ state: 'closed', cause: 'crowded', reason });
    } else if (code === CLOSE_BUSY) {
      this.#report({ state: 'busy', reason });
    } else if (code === CLOSE_RESTART) {
      this.#failures = 0;
      this.#retry('restart', reason);
    } else if (code === CLOSE_NORMAL || code === CLOSE_POLICY || code >= APPLICATION_CODES) {
      this.#report({ state: 'closed', cause: 'ended', reason });
    } else if (prompted && !loggedIn && !this.#passwordProven) {
      // Trying again unasked would hold the board's only terminal with a page that nobody attends,
      // or try a password over and over that nobody knows to be right.
      this.#forgetPassword();
      this.#report({ state: 'closed', cause: 'unanswered', reason });
    } else {
      this.#retry('lost', reason);
    }
  }

  #unreachable(): void {
    this.#retry('unreachable', '');
    const timer = this.#retryTimer;
    void this.#options.answersHttp?.().then((answers) => {
      if (answers && timer === this.#retryTimer && this.#status.retryAfter !== null) {
        this.#refused();
      }
    });
  }

  #refused(): void {
    this.#refusals += 1;
    if (this.#refusals < REFUSALS) {
      this.#report({ state: 'closed', cause: 'refused', retryAfter: this.#status.retryAfter! });
    } else {
      clearTimeout(this.#retryTimer);
      this.#refusals = 0;
      this.#report({ state: 'closed', cause: 'refused' });
    }
  }

  #retry(cause: Cause, reason: string): void {
    const last = RETRY_DELAYS_MS.length - 1;
    const retryAfter = RETRY_DELAYS_MS[Math.min(this.#failures, last)] ?? 0;
    this.#failures += 1;
    this.#retryTimer = setTimeout(() => this.#open(2), retryAfter);
    this.#report({ state: 'closed', cause, reason, retryAfter });
  }

  #drop(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#greetingTimer);
    clearTimeout(this.#soundTimer);
    this.#pulse?.end();
    this.#pulse = null;
    if (this.#connection === null) {
      return;
    }
    const { socket, channel } = this.#connection;
    this.#connection = null;
    channel?.end();
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(CLOSE_NORMAL);
  }

  #forgetPassword(): void {
    this.#password = null;
    this.#passwordProven = false;
  }

  #report(change: { state: State; cause?: Cause; reason?: string; retryAfter?: number; watching?: boolean }): void {
    this.#status = {
      state: change.state,
      cause: change.cause ?? this.#status.cause,
      reason: change.reason ?? '',
      retryAfter: change.retryAfter ?? null,
      edition: this.#connection?.channel?.edition ?? this.#status.edition,
      watching: change.watching ?? false,
    };
    this.#options.onStatus?.(this.#status);
  }
}

// SPDX-License-Identifier: MIT

/** The part of a WebSocket that sending needs. */
export interface Sink {
  readonly bufferedAmount: number;
  send(data: string): void;
}

/** UTF-16 units in one message: at most 3 KiB on the wire, small enough for a board to take whole. */
export const PIECE_UNITS = 1024;

/** Bytes handed to the browser but not yet to the network; above this the outbox waits. */
export const HIGH_WATER_BYTES = 16 * 1024;

/** WebSocket has no event for "drained", so the outbox looks again after this time. */
export const POLL_MS = 10;

/**
 * Sends text of any length no faster than the board accepts it.
 *
 * Text that waits here, rather than in the browser's own buffer, can still be dropped. That is how an interrupt gets
 * ahead of a long paste.
 */
export class Outbox {
  readonly #sink: Sink;
  #waiting: string[] = [];
  #sent = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  push(text: string): void {
    if (text === '') {
      return;
    }
    this.#waiting.push(text);
    if (this.#timer === undefined) {
      this.#pump();
    }
  }

  /** Drops text that has not been given to the socket. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#sent = 0;
  }

  #pump(): void {
    this.#timer = undefined;
    for (let piece = this.#peek(); piece !== ''; piece = this.#peek()) {
      if (this.#sink.bufferedAmount >= HIGH_WATER_BYTES) {
        this.#timer = setTimeout(() => this.#pump(), POLL_MS);
        return;
      }
      this.#sink.send(piece);
      this.#advance(piece.length);
    }
  }

  #peek(): string {
    const text = this.#waiting[0] ?? '';
    const end = this.#sent + PIECE_UNITS;
    const splitsPair = end < text.length && isHighSurrogate(text.charCodeAt(end - 1));
    return text.slice(this.#sent, splitsPair ? end - 1 : end);
  }

  #advance(units: number): void {
    this.#sent += units;
    if (this.#sent >= (this.#waiting[0]?.length ?? 0)) {
      this.#waiting.shift();
      this.#sent = 0;
    }
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

// SPDX-License-Identifier: MIT

/** Silence after which the board is asked whether it is there. */
export const QUIET_MS = 10_000;

/** Longer than a slow connection takes for what is under way. */
export const PATIENCE_MS = 30_000;

/** Notices that a board has gone without a word. A browser notices only when TCP gives up, after a quarter of an hour. */
export class Pulse {
  readonly #ask: () => void;
  readonly #onGone: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param ask    makes the board answer
   * @param onGone called once, if it has not answered
   */
  constructor(ask: () => void, onGone: () => void) {
    this.#ask = ask;
    this.#onGone = onGone;
    this.heard();
  }

  /** Something has come from the board. */
  heard(): void {
    this.#wait(QUIET_MS, () => {
      this.#wait(PATIENCE_MS, this.#onGone);
      this.#ask();
    });
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number, action: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, milliseconds);
  }
}

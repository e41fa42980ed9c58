// SPDX-License-Identifier: MIT

/** How long the board's echo of what is hidden may take, before everything is shown as it is. */
export const ECHO_TIMEOUT_MS = 3000;

const PASTE_MODE = '\x05';
const RUN = '\x04';
const INTERRUPT = '\x03';
const NOTICE = 'paste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ';

/**
 * Gives lines to MicroPython's paste mode, which takes every character, and hides the echo of it. The board's answer
 * stays in view.
 */
export class Unseen {
  readonly #send: (keys: string) => void;
  readonly #show: (text: string) => void;
  #held = '';
  #echo: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (keys: string) => void, show: (text: string) => void) {
    this.#send = send;
    this.#show = show;
  }

  /** Waits for the echo, so that nothing else should be sent. */
  get busy(): boolean {
    return this.#echo !== null;
  }

  /** @param clears a line that has been begun on the board is given up first */
  run(code: string, clears: boolean): void {
    const lines = code.replace(/\n+$/, '').split('\n');
    this.#echo = `${NOTICE}${lines.join('\r\n=== ')}\r\n`;
    this.#timer = setTimeout(() => this.giveUp(), ECHO_TIMEOUT_MS);
    this.#send(`${clears ? INTERRUPT : ''}${PASTE_MODE}${lines.join('\r')}${RUN}`);
  }

  /** Output of the board; what is not echo is shown. */
  hear(text: string): void {
    if (this.#echo === null) {
      this.#show(text);
      return;
    }
    this.#held += text;
    const at = this.#held.indexOf(this.#echo);
    if (at >= 0) {
      const before = this.#held.slice(0, at).replace(/(?:\r\n)?(?:>>> )?\r\n$/, '');
      const after = this.#held.slice(at + this.#echo.length);
      this.#end();
      this.#show(before + after);
    }
  }

  /** Hides nothing any more. */
  giveUp(): void {
    const held = this.#held;
    this.#end();
    if (held !== '') {
      this.#show(held);
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#held = '';
    this.#echo = null;
  }
}

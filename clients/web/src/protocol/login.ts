// SPDX-License-Identifier: MIT

/** The state of the dialogue; `text` is terminal output that arrived together with the banner. */
export type Verdict =
  | { readonly kind: 'prompt' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'connected'; readonly text: string }
  | { readonly kind: 'foreign' };

const PROMPT = 'Password: ';
const BANNER = 'WebREPL connected\r\n';
const DENIAL = 'Access denied\r\n';

/** A server that speaks WebREPL needs far fewer characters for its sentences. */
const LONGEST_GREETING = 1024;

/**
 * Reads the server's side of the classic login dialogue.
 *
 * The borders of WebSocket messages have no meaning here: servers may cut or join their sentences anywhere.
 */
export class LoginDialogue {
  #heard = '';
  #prompted = false;

  /**
   * Takes the next piece of text.
   *
   * @returns the new state, or null while the sentence is incomplete. After 'connected', 'denied' and 'foreign' the
   *   dialogue is over.
   */
  hear(text: string): Verdict | null {
    this.#heard += text;

    const banner = this.#heard.indexOf(BANNER);
    if (banner >= 0) {
      return { kind: 'connected', text: this.#heard.slice(banner) };
    }
    if (this.#prompted && this.#heard.includes(DENIAL)) {
      return { kind: 'denied' };
    }
    if (!this.#prompted && this.#heard.includes(PROMPT)) {
      this.#prompted = true;
      this.#heard = '';
      return { kind: 'prompt' };
    }
    return this.#heard.length > LONGEST_GREETING ? { kind: 'foreign' } : null;
  }
}

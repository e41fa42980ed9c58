// SPDX-License-Identifier: MIT

import { keep, kept } from '../memory.ts';
import type { LineEnd } from './text.ts';

const DRAFTS = 'webrepl.drafts';

/** Text that is not on the board yet. */
export interface Draft {
  readonly text: string;
  readonly lineEnd: LineEnd;
  /** Digest of the file that the text was made from, in hex; null: there was none. */
  readonly base: string | null;
}

type Drafts = Record<string, Draft>;

/** Unsaved text of one board's files. It survives a reload of the page, and goes when it is saved. */
export class DraftBox {
  readonly #board: string;

  constructor(board: string) {
    this.#board = board;
  }

  get all(): [path: string, draft: Draft][] {
    return Object.entries(this.#everything[this.#board] ?? {}).filter(([, draft]) => typeof draft?.text === 'string');
  }

  /** @returns false if there is no room for it */
  put(path: string, draft: Draft): boolean {
    return this.#change((mine) => ({ ...mine, [path]: draft }));
  }

  remove(path: string): void {
    this.#change(({ [path]: _, ...others }) => others);
  }

  get #everything(): Record<string, Drafts> {
    return (kept(DRAFTS) as Record<string, Drafts> | null) ?? {};
  }

  #change(change: (mine: Drafts) => Drafts): boolean {
    const everything = this.#everything;
    return keep(DRAFTS, { ...everything, [this.#board]: change(everything[this.#board] ?? {}) });
  }
}

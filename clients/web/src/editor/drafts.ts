// SPDX-License-Identifier: MIT

import { keep, kept, keptNames } from '../memory.ts';
import { tabs } from './tab.ts';
import type { LineEnd } from './text.ts';

/** Each tab keeps its own, under this and its name. */
const DRAFTS = 'webrepl.drafts.';

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
  readonly #name: string;

  private constructor(board: string, name: string) {
    this.#board = board;
    this.#name = name;
  }

  /** That of this tab, with what tabs have left that are gone. */
  static async open(board: string): Promise<DraftBox> {
    const { own, others } = await tabs;
    const box = new DraftBox(board, DRAFTS + own);
    for (const name of keptNames(DRAFTS)) {
      if (name !== box.#name && !others.has(name.slice(DRAFTS.length))) {
        box.#inherit(new DraftBox(board, name));
      }
    }
    return box;
  }

  get all(): [path: string, draft: Draft][] {
    return Object.entries(this.#mine).filter(([, draft]) => typeof draft?.text === 'string');
  }

  /** @returns false if there is no room for it */
  put(path: string, draft: Draft): boolean {
    return this.#change({ ...this.#mine, [path]: draft });
  }

  remove(path: string): void {
    const { [path]: _, ...others } = this.#mine;
    this.#change(others);
  }

  /** Leaves where they are the drafts of files that this tab has its own draft of: they come next time. */
  #inherit(left: DraftBox): void {
    for (const [path, draft] of left.all) {
      if (!(path in this.#mine) && this.put(path, draft)) {
        left.remove(path);
      }
    }
  }

  get #everything(): Record<string, Drafts> {
    return (kept(this.#name) as Record<string, Drafts> | null) ?? {};
  }

  get #mine(): Drafts {
    return this.#everything[this.#board] ?? {};
  }

  #change(mine: Drafts): boolean {
    const { [this.#board]: _, ...others } = this.#everything;
    const now = Object.keys(mine).length === 0 ? others : { ...others, [this.#board]: mine };
    return keep(this.#name, Object.keys(now).length === 0 ? null : now);
  }
}

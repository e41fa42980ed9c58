// SPDX-License-Identifier: MIT

import { keep, kept, keptNames } from '../memory.ts';
import { otherTabs, ownTab } from './tab.ts';
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

  constructor(board: string, tab: string = ownTab) {
    this.#board = board;
    this.#name = DRAFTS + tab;
  }

  /**
   * Takes over what tabs have left that are gone.
   *
   * @param isFree whether a file is not open here; a draft of one that is open comes up another time
   * @returns what has come
   */
  async inherit(isFree: (path: string) => boolean): Promise<[path: string, draft: Draft][]> {
    const others = await otherTabs();
    const gone = keptNames(DRAFTS).map((name) => name.slice(DRAFTS.length)).filter((tab) => tab !== ownTab && !others.has(tab));
    return gone.flatMap((tab) => this.#inheritFrom(new DraftBox(this.#board, tab), isFree));
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

  #inheritFrom(left: DraftBox, isFree: (path: string) => boolean): [path: string, draft: Draft][] {
    const wanted = left.all.filter(([path]) => isFree(path) && !(path in this.#mine));
    return wanted.filter(([path, draft]) => {
      const has = this.put(path, draft);
      if (has) {
        left.remove(path);
      }
      return has;
    });
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

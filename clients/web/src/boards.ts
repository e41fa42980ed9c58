// SPDX-License-Identifier: MIT

import { parseAddress } from './address.ts';
import { Board } from './board.ts';
import { ask, confirmed } from './dom.ts';
import { boardList, know } from './known.ts';
import { recall, remember } from './memory.ts';

/** The boards that the page shows side by side. The first one cannot be removed. */
export class Boards {
  readonly #place: HTMLElement;
  readonly #own: URL;
  #boards: Board[] = [];
  #count = 0;

  /** @param own the board that the page is about */
  constructor(place: HTMLElement, own: URL) {
    this.#place = place;
    this.#own = own;
  }

  get first(): Board {
    return this.#boards[0]!;
  }

  get all(): readonly Board[] {
    return this.#boards;
  }

  /** Shows the page's own board, and the boards that were open beside it last time. */
  start(): void {
    const others = recall(this.#own.href);
    for (const address of [this.#own, ...others]) {
      this.#open(new URL(address));
    }
  }

  #open(url: URL): Board {
    const board = new Board(this.#place, this.#count, url, () => this.#showTitle());
    this.#count += 1;
    this.#boards.push(board);
    const isFirst = board === this.first;
    const button = (name: string) => board.root.querySelector<HTMLButtonElement>(`[id^="${name}"]`)!;
    button('add').hidden = !isFirst;
    button('add').addEventListener('click', () => void this.#add());
    button('remove').hidden = isFirst;
    button('remove').addEventListener('click', () => void this.#close(board));
    this.#remember();
    board.session.connect();
    return board;
  }

  async #add(): Promise<void> {
    let address = '';
    let title = 'Address of another board';
    for (;;) {
      const answer = await ask(title, address, 'Open', (open) => [boardList(this.#states, open)]);
      if (answer === null) {
        return;
      }
      try {
        const url = parseAddress(answer, this.#own);
        know(url.href);
        this.#open(url).focus();
        return;
      } catch (error) {
        title = (error as Error).message;
        address = answer;
      }
    }
  }

  /** Of the boards on the page, by address. */
  get #states(): Map<string, string> {
    return new Map(this.#boards.map(({ session, label }) => [session.url, label]));
  }

  async #close(board: Board): Promise<void> {
    if (board.unsaved && !(await confirmed('Close without saving?', 'What is not saved stays in this browser.', 'Close'))) {
      return;
    }
    board.close();
    this.#boards = this.#boards.filter((other) => other !== board);
    this.#remember();
    this.#showTitle();
  }

  #remember(): void {
    remember(this.#own.href, this.#boards.slice(1).map(({ session }) => session.url));
    this.#place.dataset.count = String(this.#boards.length);
  }

  #showTitle(): void {
    const [first, ...others] = this.#boards;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    document.title = `${new URL(this.#own).host} · ${first?.label ?? ''}${more} · WebREPL`;
  }
}

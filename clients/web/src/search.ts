// SPDX-License-Identifier: MIT

import { type ISearchOptions, SearchAddon } from '@xterm/addon-search';
import type { Terminal as XTerm } from '@xterm/xterm';
import type { Parts } from './parts.ts';

/** Searches the terminal's contents. */
export class Search {
  readonly #addon = new SearchAddon();
  readonly #form: HTMLFormElement;
  readonly #text: HTMLInputElement;
  readonly #count: HTMLElement;
  readonly #leave: () => void;

  /** @param leave called when the search is over */
  constructor(xterm: XTerm, parts: Parts, leave: () => void) {
    this.#form = parts<HTMLFormElement>('search');
    this.#text = parts<HTMLInputElement>('search-text');
    this.#count = parts('search-count');
    this.#leave = leave;
    xterm.loadAddon(this.#addon);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#find('up');
    });
    this.#text.addEventListener('input', () => this.#find('up', true));
    this.#text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.shiftKey) {
        event.preventDefault();
        this.#find('down');
      }
    });
    this.#form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.close();
      }
    });
    parts('search-down').addEventListener('click', () => this.#find('down'));
    parts('search-close').addEventListener('click', () => this.close());
    this.#addon.onDidChangeResults(({ resultIndex, resultCount }) => {
      const place = resultIndex >= 0 ? `${resultIndex + 1} of ${resultCount}` : `${resultCount}`;
      this.#count.textContent = this.#text.value === '' ? '' : resultCount === 0 ? 'Not found' : place;
    });
  }

  open(): void {
    this.#form.hidden = false;
    this.#text.select();
    this.#text.focus();
  }

  close(): void {
    this.#form.hidden = true;
    this.#addon.clearDecorations();
    this.#leave();
  }

  /** The newest text is at the end, so the search goes up from there. */
  #find(direction: 'up' | 'down', incremental = false): void {
    const style = getComputedStyle(this.#form);
    const options: ISearchOptions = {
      incremental,
      decorations: {
        matchBackground: style.getPropertyValue('--match').trim(),
        activeMatchBackground: style.getPropertyValue('--match-active').trim(),
        matchOverviewRuler: style.getPropertyValue('--match').trim(),
        activeMatchColorOverviewRuler: style.getPropertyValue('--match-active').trim(),
      },
    };
    if (direction === 'up') {
      this.#addon.findPrevious(this.#text.value, options);
    } else {
      this.#addon.findNext(this.#text.value, options);
    }
  }
}

// SPDX-License-Identifier: MIT

import { Terminal as XTerm } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { appearance } from './appearance.ts';
import { keepFitted } from './fit.ts';
import { linkify } from './links.ts';
import type { Parts } from './parts.ts';
import { type AtPrompt, atPrompt } from './prompt/at-prompt.ts';
import { Search } from './search.ts';
import { themeFromCss } from './theme.ts';

const SCROLLBACK_ROWS = 5000;

/** Output that may wait to be drawn, so that a flood cannot fill the memory. */
const BACKLOG_UNITS = 4 * 1024 * 1024;

/** Of output above that, the newest is kept, because it contains the prompt. */
const NEWEST_UNITS = 64 * 1024;

/** WCAG AA: text stays readable whatever colours a program on the board chooses. */
const MINIMUM_CONTRAST = 4.5;

export interface TerminalEvents {
  /** What the user typed or pasted, line ends as CR. */
  onKeys(keys: string): void;
  /** How many columns and rows there are, whenever that changes. */
  onSize(columns: number, rows: number): void;
  /** The place of an error was clicked. */
  onPlace(path: string, line: number): void;
}

/** The terminal: draws output, reports keys and pasted text. */
export class Terminal {
  readonly #xterm: XTerm;
  readonly #search: Search;
  #backlog = 0;
  #newest = '';
  #skipped = 0;

  /**
   * @param parts the board's elements; the terminal fills the one of that name, now and after every change of its size
   * @param gone  when the board leaves the page
   */
  constructor(parts: Parts, { onKeys, onSize, onPlace }: TerminalEvents, gone: AbortSignal) {
    const container = parts('terminal');
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#xterm = new XTerm({
      cursorBlink: !calm,
      fontFamily: getComputedStyle(container).fontFamily,
      fontSize: Number.parseFloat(getComputedStyle(container).fontSize),
      lineHeight: 1.25,
      minimumContrastRatio: MINIMUM_CONTRAST,
      allowProposedApi: true, // the marks of the search are drawn with it
      scrollback: SCROLLBACK_ROWS,
      theme: themeFromCss(),
    });
    this.#xterm.open(container);
    this.#xterm.onData(onKeys);
    this.#xterm.attachCustomKeyEventHandler((event) => this.#leaveToTerminal(event));
    this.#xterm.onResize(({ cols, rows }) => onSize(cols, rows));
    this.#search = new Search(this.#xterm, parts, () => this.focus());
    this.#adaptToKeyboard(container);
    const fit = keepFitted(this.#xterm, container, gone);
    linkify(this.#xterm, onPlace);
    this.#clearSelectionAfterCopy(container);
    appearance.onChange(() => {
      this.#xterm.options.theme = themeFromCss();
      this.#xterm.options.fontSize = Number.parseFloat(getComputedStyle(container).fontSize);
      fit();
    }, gone);
    gone.addEventListener('abort', () => this.#xterm.dispose());
  }

  write(text: string): void {
    if (this.#newest !== '' || this.#backlog + text.length > BACKLOG_UNITS) {
      this.#hold(text);
    } else {
      this.#draw(text);
    }
  }

  /** Behaves as if the user had typed this. */
  type(keys: string): void {
    this.#xterm.input(keys);
  }

  focus(): void {
    this.#xterm.focus();
  }

  get columns(): number {
    return this.#xterm.cols;
  }

  /** What is being typed; null: the cursor is not at a Python prompt. */
  prompt(): AtPrompt | null {
    return atPrompt(this.#xterm);
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#xterm.cols, rows: this.#xterm.rows };
  }

  search(): void {
    this.#search.open();
  }

  /** Mirrors the output for screen readers. That costs speed, so it is off by default. */
  set screenReader(on: boolean) {
    this.#xterm.options.screenReaderMode = on;
  }

  /** All lines, scrolled-out ones included. A line that the terminal had to wrap is one line here. */
  text(): string {
    const buffer = this.#xterm.buffer.active;
    const lines: string[] = [];
    for (let y = 0; y < buffer.length; y++) {
      const row = buffer.getLine(y);
      const wrapsOn = buffer.getLine(y + 1)?.isWrapped ?? false;
      const cells = row?.translateToString(!wrapsOn) ?? '';
      if (row?.isWrapped) {
        lines.push((lines.pop() ?? '') + cells);
      } else {
        lines.push(cells);
      }
    }
    return lines.map((line) => line.trimEnd()).join('\n').trimEnd();
  }

  #draw(text: string): void {
    this.#backlog += text.length;
    this.#xterm.write(text, () => {
      this.#backlog -= text.length;
      if (this.#backlog === 0) {
        this.#drawHeld();
      }
    });
  }

  #hold(text: string): void {
    this.#newest += text;
    // Cutting at twice the length, not at each message, keeps the cost of a flood of small ones low.
    if (this.#newest.length > 2 * NEWEST_UNITS) {
      this.#skipped += this.#newest.length - NEWEST_UNITS;
      this.#newest = this.#newest.slice(-NEWEST_UNITS);
    }
  }

  #drawHeld(): void {
    const note = `\r\n\x1b[0;2m[${this.#skipped} characters came too fast and are not shown]\x1b[0m\r\n`;
    const text = (this.#skipped > 0 ? note : '') + this.#newest;
    this.#skipped = 0;
    this.#newest = '';
    if (text !== '') {
      this.#draw(text);
    }
  }

  /** Tells xterm.js whether a key is for the terminal. Other keys keep their meaning in the browser. */
  #leaveToTerminal(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    if (event.ctrlKey && !event.altKey && key === 'c' && this.#xterm.hasSelection()) {
      if (event.shiftKey && event.type === 'keydown') {
        // Browsers give this key to their inspector; in terminals it means copy.
        event.preventDefault();
        document.execCommand('copy');
      }
      return false;
    }
    const pastes = event.ctrlKey && !event.altKey && key === 'v';
    // Tab belongs to the board, so Shift-Tab is the way out for people without a mouse.
    const leaves = event.shiftKey && event.key === 'Tab';
    return !pastes && !leaves;
  }

  #adaptToKeyboard(container: HTMLElement): void {
    this.#xterm.textarea?.setAttribute('aria-label', 'Terminal. Shift and Tab leave it.');
    // Browsers let Tab stop at whatever scrolls; here Shift-PageUp scrolls from the prompt itself.
    container.querySelector('.xterm-viewport')?.setAttribute('tabindex', '-1');
  }

  /** Clears the selection, so that the next Ctrl-C interrupts again. */
  #clearSelectionAfterCopy(container: HTMLElement): void {
    container.addEventListener('copy', () => setTimeout(() => this.#xterm.clearSelection()));
  }
}

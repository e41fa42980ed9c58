// SPDX-License-Identifier: MIT

import { literal } from '../literal.ts';
import type { AtPrompt } from './at-prompt.ts';
import { drawn } from './draw.ts';
import { continues, edited, indentAfter, keysIn, type Line } from './line.ts';
import { Unseen } from './unseen.ts';

/** The terminal, as far as the prompt needs it. */
export interface Screen {
  readonly columns: number;
  write(text: string): void;
  /** null: the cursor is not at a Python prompt */
  prompt(): AtPrompt | null;
}

const POLL_MS = 20;
/** How long the echo of a key may take. */
const SETTLED_MS = 1500;
/** Output that comes no more has come. */
const QUIET_MS = 60;
const CONTINUED = '... ';
/** How often the screen is looked at for the echo of a character that MicroPython's editor drops. */
const PROBE_POLLS = 50;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all that is not ASCII
const FOREIGN = /[^\x00-\x7f]/;
/** MicroPython's editor indents by itself, on top of what a paste brings. */
const INDENTED_PASTE = /[\r\n][ \t]+\S/;

/**
 * Sends keys to the board. MicroPython's line editor takes ASCII alone, and indents what is indented already: a line
 * that it cannot take is edited here, and run through paste mode. People see no difference.
 */
export class Prompt {
  readonly #send: (keys: string) => void;
  readonly #screen: Screen;
  readonly #unseen: Unseen;
  /** Lines that are edited here, the last one at the cursor; null: the board edits. */
  #lines: string[] = [];
  #line: Line | null = null;
  #block = false;
  /** What is shown before the cursor. */
  #shown = '';
  /** The board has a part of the statement, which it must forget. */
  #begun = false;
  /** Keys that wait, until the board has answered. */
  #waiting = '';
  /** Characters that were sent since the last key that was none; their echo may be under way. */
  #sent = '';
  /** Other keys were sent, such as arrows; their echo moves the cursor. */
  #moved = false;
  #lastHeard = 0;
  /** The board's line editor takes every character; null: not known yet. */
  #takesAll: boolean | null = null;
  #pending: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (keys: string) => void, screen: Screen) {
    this.#send = send;
    this.#screen = screen;
    this.#unseen = new Unseen(send, (text) => screen.write(text));
  }

  /** Keys of a person, or text that was pasted. */
  type(keys: string): void {
    if (this.#pending !== undefined || this.#unseen.busy) {
      this.#waiting += keys;
    } else if (this.#line !== null) {
      this.#edit(keys);
    } else if (this.#takesAll !== true && (FOREIGN.test(keys) || INDENTED_PASTE.test(keys))) {
      this.#waiting = keys;
      this.#settle(Date.now() + SETTLED_MS);
    } else {
      this.#pass(keys);
    }
  }

  /** Output of the board. */
  hear(text: string): void {
    this.#lastHeard = Date.now();
    const wasBusy = this.#unseen.busy;
    this.#unseen.hear(text);
    if (wasBusy && !this.#unseen.busy) {
      this.#goOn();
    }
  }

  /** Runs code at an empty prompt, and shows its first line there. */
  run(code: string): void {
    const lines = code.trimEnd().split('\n');
    const more = lines.length > 1 ? `\x1b[2m  # and ${lines.length - 1} more\x1b[0m` : '';
    this.#screen.write(`${lines[0]}${more}\r\n`);
    this.#unseen.run(lines.length > 1 ? code : asTyped(code), false);
  }

  /** Another session has begun, maybe with another firmware. */
  reset(): void {
    this.cancel();
    this.#takesAll = null;
  }

  /** Forgets the line that is edited here, and all that waits. */
  cancel(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    this.#waiting = '';
    this.#sent = '';
    this.#leave();
    this.#unseen.giveUp();
  }

  #pass(keys: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: keys that are not characters
    const typed = /[^\x00-\x1f\x7f]*$/.exec(keys)![0];
    this.#sent = typed === keys ? this.#sent + keys : typed;
    if (typed !== keys) {
      this.#moved = true;
      this.#lastHeard = Infinity;
    }
    this.#send(keys);
  }

  /** What was typed before must be on the screen, where the line is read from. */
  #settle(until: number): void {
    const at = this.#screen.prompt();
    const late = Date.now() >= until;
    const still = !this.#moved || Date.now() >= this.#lastHeard + QUIET_MS;
    if (at !== null && ((still && at.before.endsWith(this.#sent)) || late)) {
      this.#begin(at);
    } else if (late) {
      this.#pending = undefined;
      const keys = this.#waiting;
      this.#waiting = '';
      this.#pass(keys); // a program reads it, not Python
    } else {
      this.#pending = setTimeout(() => this.#settle(until), POLL_MS);
    }
  }

  #begin(at: AtPrompt): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is not ASCII
    const head = this.#takesAll === null ? /^[ -~]*[^\x00-\x7f]/u.exec(this.#waiting)?.[0] : undefined;
    if (head === undefined) {
      this.#decided(at);
    } else {
      this.#send(head);
      this.#probe(at, head, PROBE_POLLS);
    }
  }

  /** A board that shows the character has taken it. */
  #probe(at: AtPrompt, head: string, polls: number): void {
    const now = this.#screen.prompt();
    const shown = now?.before === at.before + head;
    if (!shown && polls > 0) {
      this.#pending = setTimeout(() => this.#probe(at, head, polls - 1), POLL_MS);
      return;
    }
    this.#takesAll = shown;
    const dropped = shown ? 0 : [...head].at(-1)!.length;
    this.#waiting = this.#waiting.slice(head.length - dropped);
    this.#decided(now ?? at);
  }

  #decided(at: AtPrompt): void {
    this.#pending = undefined;
    if (this.#takesAll !== true) {
      this.#take(at);
    }
    this.#goOn();
  }

  #take(at: AtPrompt): void {
    this.#lines = [...at.above];
    this.#begun = at.above.length > 0 || at.before + at.after !== '';
    this.#line = { before: at.before, after: at.after };
    this.#block = INDENTED_PASTE.test(this.#waiting);
    this.#shown = at.before;
    this.#sent = '';
    this.#moved = false;
  }

  #goOn(): void {
    const keys = this.#waiting;
    this.#waiting = '';
    if (keys !== '') {
      this.type(keys);
    }
  }

  #edit(text: string): void {
    const keys = keysIn(text);
    for (let key = keys.shift(); key !== undefined; key = keys.shift()) {
      if (key === '\x03') {
        this.#leave();
        this.#pass(key + keys.join(''));
        return;
      }
      if (key === '\r' || key === '\n' || key === '\r\n') {
        this.#enter(keys.length > 0);
        if (this.#line === null) {
          this.#waiting = keys.join('');
          return;
        }
      } else {
        this.#line = edited(this.#line!, key) ?? this.#line!;
      }
    }
    this.#draw(this.#line!);
  }

  /** @param more keys follow, so a block that was pasted is not over */
  #enter(more: boolean): void {
    const text = this.#line!.before + this.#line!.after;
    this.#draw({ before: text, after: '' });
    this.#lines.push(text);
    if (this.#block ? more : continues(this.#lines)) {
      const indent = this.#block ? '' : indentAfter(text);
      this.#screen.write(`\r\n${CONTINUED}`);
      this.#line = { before: indent, after: '' };
      this.#shown = '';
    } else {
      this.#screen.write('\r\n');
      this.#submit();
    }
  }

  #submit(): void {
    const code = this.#lines.join('\n');
    const begun = this.#begun;
    const block = this.#block;
    this.#leave();
    this.#unseen.run(block ? code : asTyped(code), begun);
    this.#moved = true;
    this.#lastHeard = Infinity;
  }

  #draw(line: Line): void {
    this.#screen.write(drawn(this.#screen.columns, this.#shown, line));
    this.#shown = line.before;
  }

  #leave(): void {
    this.#lines = [];
    this.#line = null;
    this.#begun = false;
    this.#block = false;
  }
}

/** Code that shows the value of an expression, as a prompt does; paste mode by itself runs it as a file. */
function asTyped(code: string): string {
  return `exec(compile(${literal(`${code}\n`)},'<stdin>','single'))`;
}

// SPDX-License-Identifier: MIT

import { confirmed, make } from '../dom.ts';
import { nameOf } from '../files/board-files.ts';
import { grammarOf, highlighted } from './highlight.ts';

/** Longer files are slow to edit in a text field; they can still be downloaded. */
export const EDITABLE_BYTES = 256 * 1024;

const INDENT = '    ';

export interface EditorEvents {
  /** @returns when the board has the whole file; rejects with a sentence for people */
  save(path: string, data: Blob): Promise<void>;
  run(path: string): void;
}

/** The text of a file, or null if a text field could not return it unchanged. */
export function asText(data: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    return text.includes('\0') || /\r(?!\n)/.test(text) || (text.includes('\r') && /[^\r]\n/.test(text)) ? null : text;
  } catch {
    return null;
  }
}

/** Edits one file in a dialog. People type into an invisible text field above a coloured copy of the text. */
export class Editor {
  readonly #path: string;
  readonly #events: EditorEvents;
  readonly #lineEnd: string;
  readonly #text: HTMLTextAreaElement;
  readonly #colours = make('pre', { className: 'colours', 'aria-hidden': 'true' });
  readonly #note = make('span', { className: 'note', role: 'status' });
  readonly #save = make('button', { type: 'button', title: 'Ctrl-S', className: 'save' }, 'Save');
  readonly #dialog: HTMLDialogElement;
  #saved: string;

  constructor(path: string, text: string, events: EditorEvents) {
    this.#path = path;
    this.#events = events;
    this.#lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
    this.#saved = text.replaceAll('\r\n', '\n');
    this.#text = make('textarea', {
      value: this.#saved, spellcheck: false, autocapitalize: 'off', wrap: 'off', 'aria-label': `Text of ${path}`,
      'aria-description': 'Escape, then Tab, leaves the text',
    });
    this.#dialog = this.#build();
    this.#listen();
    this.#paint();
  }

  open(): void {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#text.focus();
    this.#text.setSelectionRange(0, 0);
  }

  get #changed(): boolean {
    return this.#text.value !== this.#saved;
  }

  #build(): HTMLDialogElement {
    const run = make('button', { type: 'button', className: 'run', hidden: !this.#path.endsWith('.py') }, 'Save and run');
    const close = make('button', { type: 'button', className: 'close' }, 'Close');
    run.addEventListener('click', () => void this.#saveAndRun());
    close.addEventListener('click', () => void this.#leave());
    this.#save.addEventListener('click', () => void this.#store());
    const head = make('div', { className: 'bar' }, make('h2', {}, nameOf(this.#path)), this.#note, run, this.#save, close);
    return make('dialog', { className: 'editor', 'aria-label': `Edit ${this.#path}` },
      head, make('div', { className: 'sheet' }, this.#colours, this.#text));
  }

  #listen(): void {
    this.#text.addEventListener('input', () => this.#paint());
    this.#text.addEventListener('scroll', () => {
      this.#colours.scrollTop = this.#text.scrollTop;
      this.#colours.scrollLeft = this.#text.scrollLeft;
    });
    this.#dialog.addEventListener('keydown', (event) => this.#key(event));
    this.#dialog.addEventListener('cancel', (event) => event.preventDefault());
    this.#dialog.addEventListener('close', () => this.#dialog.remove());
  }

  /** Escape gives Tab back to the browser, so that people without a mouse can leave the text. */
  #key(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      void this.#store();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (this.#text.dataset.leaves === 'yes' || event.target !== this.#text) {
        void this.#leave();
      }
      this.#text.dataset.leaves = 'yes';
    } else if (event.key === 'Tab' && event.target === this.#text && !event.shiftKey && !this.#text.dataset.leaves) {
      event.preventDefault();
      this.#text.setRangeText(INDENT, this.#text.selectionStart, this.#text.selectionEnd, 'end');
      this.#paint();
    } else if (!['Shift', 'Tab'].includes(event.key)) {
      delete this.#text.dataset.leaves;
    }
  }

  #paint(): void {
    // A line end at the very end has a line of its own in the text field, but not in a <pre>.
    this.#colours.replaceChildren(highlighted(`${this.#text.value}\n`, grammarOf(this.#path)));
    this.#save.disabled = !this.#changed;
    this.#note.textContent = this.#changed ? 'Not saved' : '';
  }

  async #store(): Promise<boolean> {
    const text = this.#text.value;
    this.#note.textContent = 'Saving…';
    try {
      await this.#events.save(this.#path, new Blob([text.replaceAll('\n', this.#lineEnd)]));
    } catch (error) {
      this.#note.textContent = (error as Error).message;
      return false;
    }
    this.#saved = text;
    this.#paint();
    this.#note.textContent = this.#changed ? 'Not saved' : 'Saved';
    return true;
  }

  async #saveAndRun(): Promise<void> {
    if (!this.#changed || (await this.#store())) {
      this.#dialog.close();
      this.#events.run(this.#path);
    }
  }

  async #leave(): Promise<void> {
    if (!this.#changed || (await confirmed('Close without saving?', `${nameOf(this.#path)} has changes.`, 'Discard'))) {
      this.#dialog.close();
    }
  }
}

// SPDX-License-Identifier: MIT

import type { BoardFiles } from '../files/board-files.ts';
import { BoardError, Code } from '../protocol/codes.ts';
import { Sha256 } from '../protocol/sha256.ts';
import type { Draft, DraftBox } from './drafts.ts';
import { hex } from './load.ts';
import type { MakeSurface, Surface } from './surface.ts';
import { asBytes, asText, type LineEnd, unified } from './text.ts';

/** What the board has instead of the file that a text was made from. */
export interface Conflict {
  /** null: the file is gone, or it is no text any more. */
  readonly text: string | null;
  readonly digest: string | null;
}

export interface SheetEvents {
  /** Its text, or its state, has changed. */
  onChange(sheet: Sheet): void;
}

const DRAFT_DELAY_MS = 300;

/** One open file: its text here, and what is known of it on the board. */
export class Sheet {
  readonly path: string;
  readonly surface: Surface;
  readonly #drafts: DraftBox;
  readonly #events: SheetEvents;
  #lineEnd: LineEnd;
  /** The text as the board has it; null: not known, because this was a draft. */
  #saved: string | null;
  #base: string | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Set while somebody must choose between two versions. */
  conflict: Conflict | null = null;
  note = '';

  private constructor(path: string, draft: Draft, saved: string | null, make: MakeSurface, drafts: DraftBox, events: SheetEvents) {
    this.path = path;
    this.#lineEnd = draft.lineEnd;
    this.#base = draft.base;
    this.#saved = saved;
    this.#drafts = drafts;
    this.#events = events;
    this.surface = make(path, draft.text, () => this.#typed());
  }

  /** Opens a file of the board; rejects for one that is no text. */
  static async read(path: string, files: BoardFiles, make: MakeSurface, drafts: DraftBox, events: SheetEvents): Promise<Sheet> {
    const data = await files.get(path);
    const text = asText(data);
    if (text === null) {
      throw new Error(`${path} is no text: download it`);
    }
    const draft = { ...unified(text), base: digestOf(data) };
    return new Sheet(path, draft, draft.text, make, drafts, events);
  }

  /** Opens what was typed before the page was loaded again. */
  static fromDraft(path: string, draft: Draft, make: MakeSurface, drafts: DraftBox, events: SheetEvents): Sheet {
    return new Sheet(path, draft, null, make, drafts, events);
  }

  get unsaved(): boolean {
    return this.surface.text !== this.#saved;
  }

  /**
   * Writes the text to the board.
   *
   * @returns false if that has another file than the text was made from: see `conflict`
   */
  async save(files: BoardFiles): Promise<boolean> {
    const text = this.surface.text;
    const bytes = asBytes(text, this.#lineEnd);
    const digest = digestOf(bytes);
    const there = await digestThere(files, this.path);
    if (there !== this.#base && there !== digest) {
      await this.#clash(files, there);
      return false;
    }
    await files.put(this.path, new Blob([bytes]));
    this.#isNow(text, digest);
    return true;
  }

  /** Looks whether the file has changed on the board; takes it over if nothing here would be lost. */
  async check(files: BoardFiles): Promise<void> {
    const there = await digestThere(files, this.path);
    if (there === this.#base || there === this.conflict?.digest) {
      return;
    }
    if (there === digestOf(asBytes(this.surface.text, this.#lineEnd))) {
      this.#isNow(this.surface.text, there);
    } else {
      await this.#clash(files, there);
      if (!this.unsaved && this.conflict?.text !== null) {
        this.takeTheirs();
        this.#tell('It had changed on the board, and is shown as it is there');
      }
    }
  }

  /** Ends a conflict: the text here is the newer one, and saving replaces the board's. */
  keepMine(): void {
    this.#base = this.conflict?.digest ?? null;
    this.#saved = this.conflict?.text ?? null;
    this.#settle();
    this.#typed();
  }

  /** Ends a conflict: the board's text takes the place of the one here, which undo brings back. */
  takeTheirs(): void {
    const { text, digest } = this.conflict!;
    const theirs = unified(text ?? '');
    this.#settle();
    this.#lineEnd = theirs.lineEnd;
    this.surface.replace(theirs.text);
    this.#isNow(theirs.text, digest);
  }

  /** Forgets what was not saved. */
  end(): void {
    clearTimeout(this.#timer);
    this.#drafts.remove(this.path);
    this.surface.end();
  }

  async #clash(files: BoardFiles, there: string | null): Promise<void> {
    const text = there === null ? null : asText(await files.get(this.path));
    this.conflict = { text, digest: there };
    this.surface.compare(text === null ? null : unified(text).text);
    this.#tell('');
  }

  #settle(): void {
    this.conflict = null;
    this.surface.compare(null);
  }

  #isNow(text: string, digest: string | null): void {
    this.#saved = text;
    this.#base = digest;
    this.#keep();
    this.#tell(this.unsaved ? '' : 'Saved');
  }

  #typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), DRAFT_DELAY_MS);
    this.#tell('');
  }

  /** For the moment that the page goes away. */
  keepNow(): void {
    clearTimeout(this.#timer);
    this.#keep();
  }

  #keep(): void {
    if (!this.unsaved) {
      this.#drafts.remove(this.path);
    } else if (!this.#drafts.put(this.path, { text: this.surface.text, lineEnd: this.#lineEnd, base: this.#base })) {
      this.#tell('Too long for the browser to keep: save it before you leave');
    }
  }

  #tell(note: string): void {
    this.note = note;
    this.#events.onChange(this);
  }
}

function digestOf(bytes: Uint8Array): string {
  const hash = new Sha256();
  hash.update(bytes);
  return hex(hash.digest());
}

/** null: there is no such file */
async function digestThere(files: BoardFiles, path: string): Promise<string | null> {
  try {
    return hex(await files.digest(path));
  } catch (error) {
    if (error instanceof BoardError && error.code === Code.ENOENT) {
      return null;
    }
    throw error;
  }
}

// SPDX-License-Identifier: MIT

import { confirmed, icon, make } from '../dom.ts';
import { type BoardFiles, nameOf } from '../files/board-files.ts';
import { ICONS } from '../files/icons.ts';
import { keep, kept } from '../memory.ts';
import { BoardError } from '../protocol/codes.ts';
import { type Draft, DraftBox } from './drafts.ts';
import { loadEditor } from './load.ts';
import { Sheet } from './sheet.ts';
import { dedented } from './text.ts';

export interface PaneEvents {
  /** Runs a file of the board in the terminal, where there is one. */
  run?(path: string): void;
  /** Runs lines in the terminal. */
  runText?(code: string): void;
  /** A file was written. */
  onSaved(path: string): void;
  /** The pane has opened, or closed. */
  onShown(open: boolean): void;
}

const PLACE = 'webrepl.editor';

/** The editor of one board: open files in tabs, beside the terminal or above it. */
export class EditorPane {
  readonly #root: HTMLElement;
  readonly #events: PaneEvents;
  readonly #drafts: DraftBox;
  readonly #tabs = make('ul', { className: 'tabs', 'aria-label': 'Open files' });
  readonly #note = make('span', { className: 'note', role: 'status' });
  readonly #banner = make('div', { className: 'banner', role: 'alert', hidden: true });
  readonly #stack = make('div', { className: 'stack' });
  readonly #buttons = {
    run: this.#button('run', 'Save and run', 'Ctrl-Enter', () => this.#run()),
    save: this.#button('save', 'Save', 'Ctrl-S', () => this.#save()),
    find: this.#button('find', 'Find and replace', 'Ctrl-F', () => this.#current?.surface.find()),
    place: this.#button('place', 'Beside or above the terminal', '', () => this.#turn()),
  };
  #sheets: Sheet[] = [];
  #current: Sheet | null = null;
  #files: BoardFiles | null = null;
  /** What was not saved is there again. */
  readonly #restored: Promise<void>;

  /**
   * @param board its address, under which unsaved text is kept
   * @param gone  when the board leaves the page
   */
  constructor(root: HTMLElement, board: string, events: PaneEvents, gone: AbortSignal) {
    this.#root = root;
    this.#events = events;
    this.#drafts = new DraftBox(board);
    const actions = make('div', { className: 'actions' }, this.#note, ...Object.values(this.#buttons));
    root.append(make('div', { className: 'bar' }, this.#tabs, actions), this.#banner, this.#stack);
    root.addEventListener('keydown', (event) => this.#key(event), { capture: true });
    window.addEventListener('focus', () => void this.#check(), { signal: gone });
    window.addEventListener('pagehide', () => this.#keepAll(), { signal: gone });
    gone.addEventListener('abort', () => this.#keepAll());
    this.#setPlace(kept(PLACE) === 'above');
    this.#restored = this.#restore(this.#drafts.all);
    void this.#inherit(gone);
  }

  /** Whether leaving the page would lose what somebody has typed, as far as they know. */
  get unsaved(): boolean {
    return this.#sheets.some((sheet) => sheet.unsaved);
  }

  get isEmpty(): boolean {
    return this.#sheets.length === 0;
  }

  /** @param files null: there is no session; text can be edited all the same */
  show(files: BoardFiles | null): void {
    if (files !== this.#files) {
      this.#files = files;
      void this.#check();
    }
  }

  /** Opens a file, or shows the tab that it has. @param line counted from 1 */
  async open(path: string, line?: number): Promise<void> {
    await this.#restored;
    let sheet = this.#sheets.find((open) => open.path === path);
    if (sheet === undefined) {
      const files = this.#connected();
      const make = await loadEditor(files);
      sheet = await Sheet.read(path, files, make, this.#drafts, { onChange: () => this.#paint() });
      this.#sheets.push(sheet);
    }
    this.#select(sheet);
    this.#events.onShown(true);
    if (line === undefined) {
      sheet.surface.focus();
    } else {
      sheet.surface.goTo(line);
    }
  }

  /** A file has another name now. */
  async renamed(from: string, to: string): Promise<void> {
    for (const sheet of this.#sheets.filter(({ path, unsaved }) => (path === from || path.startsWith(`${from}/`)) && !unsaved)) {
      this.#drop(sheet);
      await this.open(to + sheet.path.slice(from.length)).catch(() => {});
    }
  }

  /** For the time after the page or the board has gone. */
  #keepAll(): void {
    for (const sheet of this.#sheets) {
      sheet.keepNow();
    }
  }

  async #restore(drafts: [path: string, draft: Draft][]): Promise<void> {
    if (drafts.length === 0) {
      return;
    }
    const makeSurface = await loadEditor(this.#files);
    for (const [path, draft] of drafts) {
      this.#sheets.push(Sheet.fromDraft(path, draft, makeSurface, this.#drafts, { onChange: () => this.#paint() }));
    }
    if (this.#current === null) {
      this.#select(this.#sheets[0]!);
    } else {
      this.#paint(); // and leaves the keyboard where it is
    }
    this.#events.onShown(true);
  }

  async #inherit(gone: AbortSignal): Promise<void> {
    const drafts = await this.#drafts.inherit((path) => !gone.aborted && !this.#sheets.some((sheet) => sheet.path === path));
    await this.#restore(drafts);
  }

  /* What is shown */

  #button(name: keyof typeof ICONS, label: string, key: string, action: () => unknown): HTMLButtonElement {
    const title = key === '' ? label : `${label} (${key})`;
    const button = make('button', { type: 'button', className: `icon-button ${name}`, title, 'aria-label': label }, icon(ICONS[name]));
    button.addEventListener('click', () => void action());
    return button;
  }

  #select(sheet: Sheet | null): void {
    this.#current = sheet;
    this.#stack.replaceChildren(...(sheet === null ? [] : [sheet.surface.element]));
    this.#paint();
    void this.#check();
  }

  #paint(): void {
    const sheet = this.#current;
    this.#tabs.replaceChildren(...this.#sheets.map((each) => this.#tab(each)));
    this.#note.textContent = sheet === null ? '' : sheet.note || (sheet.unsaved ? 'Not saved' : '');
    this.#buttons.save.disabled = !sheet?.unsaved;
    this.#buttons.run.hidden = this.#events.run === undefined || !sheet?.path.endsWith('.py');
    this.#showConflict(sheet);
  }

  #tab(sheet: Sheet): HTMLElement {
    const unsaved = sheet.unsaved;
    const name = make('button', { type: 'button', className: 'name', title: sheet.path, 'data-tab': sheet.path }, nameOf(sheet.path));
    const close = make('button', { type: 'button', className: 'close', title: 'Close', 'aria-label': `Close ${sheet.path}` }, icon(ICONS.close));
    name.setAttribute('aria-current', String(sheet === this.#current));
    name.addEventListener('click', () => {
      this.#select(sheet);
      sheet.surface.focus();
    });
    close.addEventListener('click', () => void this.#close(sheet));
    if (unsaved) {
      name.append(make('span', { className: 'dot', role: 'img', 'aria-label': 'not saved' }));
    }
    return make('li', { className: sheet === this.#current ? 'current' : '' }, name, close);
  }

  #showConflict(sheet: Sheet | null): void {
    const conflict = sheet?.conflict ?? null;
    this.#banner.hidden = conflict === null;
    if (sheet === null || conflict === null) {
      return;
    }
    const gone = conflict.digest === null;
    const mine = make('button', { type: 'button' }, gone ? 'Save it again' : 'Save mine');
    const theirs = make('button', { type: 'button' }, 'Take the board’s');
    mine.addEventListener('click', () => {
      sheet.keepMine();
      void this.#save();
    });
    theirs.addEventListener('click', () => sheet.takeTheirs());
    theirs.hidden = conflict.text === null;
    const sentence = gone ? 'was deleted on the board.' : 'has changed on the board. Red is only there, green only here.';
    this.#banner.replaceChildren(make('p', {}, `${nameOf(sheet.path)} ${sentence}`), mine, theirs);
  }

  #turn(): void {
    const above = this.#root.parentElement?.dataset.editor !== 'above';
    keep(PLACE, above ? 'above' : 'beside');
    this.#setPlace(above);
  }

  #setPlace(above: boolean): void {
    this.#root.parentElement!.dataset.editor = above ? 'above' : 'beside';
  }

  /* What people do */

  #key(event: KeyboardEvent): void {
    const control = event.ctrlKey || event.metaKey;
    const action = control && event.key.toLowerCase() === 's' ? () => this.#save()
      : control && event.key === 'Enter' ? () => this.#run()
      : event.shiftKey && event.key === 'Enter' && this.#stack.contains(event.target as Node) ? () => this.#runSelection()
      : null;
    if (action !== null && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      void action();
    }
  }

  async #save(): Promise<boolean> {
    const sheet = this.#current;
    if (sheet === null) {
      return false;
    }
    this.#note.textContent = 'Saving…';
    try {
      if (!(await sheet.save(this.#connected()))) {
        return false;
      }
    } catch (error) {
      sheet.note = `Not saved: ${(error as Error).message}`;
      this.#paint();
      return false;
    }
    this.#events.onSaved(sheet.path);
    return true;
  }

  async #run(): Promise<void> {
    const sheet = this.#current;
    if (sheet?.path.endsWith('.py') && (!sheet.unsaved || (await this.#save()))) {
      this.#events.run?.(sheet.path);
    }
  }

  #runSelection(): void {
    if (this.#current?.path.endsWith('.py')) {
      this.#events.runText?.(dedented(this.#current.surface.selected));
    }
  }

  async #close(sheet: Sheet): Promise<void> {
    if (!sheet.unsaved || (await confirmed('Close without saving?', `${nameOf(sheet.path)} has changes.`, 'Discard'))) {
      this.#drop(sheet);
    }
  }

  #drop(sheet: Sheet): void {
    const at = this.#sheets.indexOf(sheet);
    this.#sheets = this.#sheets.filter((other) => other !== sheet);
    sheet.end();
    if (sheet === this.#current) {
      this.#select(this.#sheets[Math.min(at, this.#sheets.length - 1)] ?? null);
      this.#current?.surface.focus();
    } else {
      this.#paint();
    }
    if (this.isEmpty) {
      this.#events.onShown(false);
    }
  }

  /** Notices what others have done to the file in front. */
  async #check(): Promise<void> {
    const [sheet, files] = [this.#current, this.#files];
    if (sheet === null || files === null) {
      return;
    }
    try {
      await sheet.check(files);
    } catch (error) {
      if (error instanceof BoardError) {
        sheet.note = error.message;
        this.#paint();
      }
    }
  }

  #connected(): BoardFiles {
    if (this.#files === null) {
      throw new Error('there is no connection');
    }
    return this.#files;
  }
}

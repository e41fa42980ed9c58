// SPDX-License-Identifier: MIT

import { ask, confirmed, download, icon, make } from '../dom.ts';
import { EDITABLE_BYTES } from '../editor/text.ts';
import { type BoardFiles, type Entry, join, nameOf, parentOf, sizeText, walk } from './board-files.ts';
import { fromChooser, fromDrop, type Incoming } from './drop.ts';
import { existing } from './existing.ts';
import { ICONS } from './icons.ts';
import { type Progress, Transfers } from './transfers.ts';
import { type Row, Tree } from './tree.ts';
import { zip } from './zip.ts';

export interface PanelEvents {
  /** Opens a file in the editor. */
  edit(path: string): Promise<void>;
  onRenamed(from: string, to: string): void;
  /** Runs a Python file in the terminal. */
  run(path: string): void;
}

/** Fetched while the pointer is down already, so that the file can be dragged out of the page. */
const DRAGGABLE_BYTES = 1024 * 1024;

type Action = 'newFile' | 'newFolder' | 'upload' | 'uploadFolder' | 'refresh' | 'edit' | 'run' | 'download' | 'rename' | 'remove';

/** A button's label, and whether it needs a selection. */
const ACTIONS: readonly [action: Action, label: string, needs: 'nothing' | 'any' | 'file' | 'python'][] = [
  ['newFile', 'New file', 'nothing'],
  ['newFolder', 'New folder', 'nothing'],
  ['upload', 'Upload files', 'nothing'],
  ['uploadFolder', 'Upload a folder', 'nothing'],
  ['refresh', 'Refresh', 'nothing'],
  ['edit', 'Edit', 'file'],
  ['run', 'Run', 'python'],
  ['download', 'Download', 'any'],
  ['rename', 'Rename', 'any'],
  ['remove', 'Delete', 'any'],
];

/** The files of one board: a tree, its commands, and the transfers under way. */
export class FilePanel {
  readonly #events: PanelEvents;
  readonly #root: HTMLElement;
  readonly #list = make('ul', { className: 'tree', role: 'tree', 'aria-label': 'Files on the board' });
  readonly #message = make('p', { className: 'trouble', role: 'alert' });
  readonly #space = make('p', { className: 'space' });
  readonly #queue = make('div', { className: 'transfers', role: 'region', 'aria-label': 'Transfers' });
  readonly #buttons = new Map<Action, HTMLButtonElement>();
  readonly #transfers = new Transfers(() => this.#showTransfers());
  #files: BoardFiles | null = null;
  #tree: Tree | null = null;
  #selected = '';
  #fetched: { path: string; url: string } | null = null;

  constructor(root: HTMLElement, events: PanelEvents) {
    this.#root = root;
    this.#events = events;
    root.append(this.#toolbar(), this.#message, this.#list, this.#space, this.#queue);
    this.#listen();
  }

  /**
   * Opens the same directories again, so that a board that reconnects looks as before.
   *
   * @param files     null: the session is over, or its board has no file operations
   * @param directory where the tree begins
   */
  async show(files: BoardFiles | null, directory: string): Promise<void> {
    if (files === this.#files) {
      return;
    }
    this.#files = files;
    if (files === null) {
      this.#transfers.cancel();
      this.#showAll();
      return;
    }
    const tree = new Tree(files, directory);
    const before = this.#tree?.opened ?? [];
    this.#tree = tree;
    await this.#try(() => tree.open(directory));
    for (const path of before.filter((path) => path !== directory && tree.find(path)?.directory)) {
      await this.#try(() => tree.open(path));
    }
    this.#showAll();
  }

  /** A file was written from elsewhere on the page. */
  changed(path: string): void {
    void this.#try(async () => {
      await this.#tree?.changed(path);
      this.#showAll();
    });
  }

  /* What is shown */

  #toolbar(): HTMLElement {
    const bar = make('div', { className: 'tools', role: 'toolbar', 'aria-label': 'File actions' });
    for (const [action, label] of ACTIONS) {
      const button = make('button', { type: 'button', title: label, 'aria-label': label, 'data-action': action });
      button.append(icon(ICONS[action]));
      button.addEventListener('click', () => void this.#do(action));
      this.#buttons.set(action, button);
      bar.append(button);
    }
    return bar;
  }

  #showRows(): void {
    const rows = this.#tree?.rows() ?? [];
    const hadFocus = this.#list.contains(document.activeElement);
    if (!rows.some((row) => row.path === this.#selected)) {
      this.#selected = '';
    }
    this.#list.replaceChildren(...rows.map((row) => this.#item(row)));
    this.#showSelection();
    if (hadFocus) {
      this.#list.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    }
  }

  /** Leaves the rows in place, because a double click must hit the same row twice. */
  #showSelection(): void {
    const items = [...this.#list.querySelectorAll<HTMLElement>('li')];
    const chosen = items.find((item) => item.dataset.path === this.#selected);
    for (const item of items) {
      item.setAttribute('aria-selected', String(item === chosen));
      item.tabIndex = item === (chosen ?? items[0]) ? 0 : -1;
    }
    for (const [action, , needs] of ACTIONS) {
      this.#buttons.get(action)!.disabled = this.#files === null || !this.#suits(needs);
    }
  }

  #showAll(): void {
    this.#showRows();
    void this.#showSpace();
  }

  #item(row: Row): HTMLLIElement {
    const size = row.directory ? '' : sizeText(row.size);
    const item = make('li', {
      role: 'treeitem', draggable: !row.directory && row.size <= DRAGGABLE_BYTES,
      'data-path': row.path, 'data-kind': row.directory ? 'directory' : 'file',
      'aria-level': row.level,
    });
    if (row.directory) {
      item.setAttribute('aria-expanded', String(row.expanded));
    }
    item.style.setProperty('--level', String(row.level));
    item.append(icon(row.directory ? (row.expanded ? ICONS.opened : ICONS.folder) : ICONS.file),
      make('span', { className: 'name' }, row.name), make('span', { className: 'size' }, size));
    return item;
  }

  async #showSpace(): Promise<void> {
    const [files, tree] = [this.#files, this.#tree];
    if (files === null || tree === null) {
      this.#space.textContent = 'Not connected';
      return;
    }
    try {
      const { total, free } = await files.space(tree.root);
      this.#space.textContent = `${sizeText(free)} of ${sizeText(total)} free`;
    } catch {
      this.#space.textContent = '';
    }
  }

  #showTransfers(): void {
    const all = this.#transfers.all;
    const running = all.some(({ state }) => state === 'running' || state === 'waiting');
    const over = make('button', { type: 'button' }, running ? 'Cancel all' : 'Clear');
    over.addEventListener('click', () => (running ? this.#transfers.cancel() : this.#transfers.clear()));
    this.#queue.replaceChildren(...(all.length > 0 ? [make('div', { className: 'head' }, summary(all), over), ...all.map(line)] : []));
  }

  /* What people do */

  #listen(): void {
    const row = (event: Event) => (event.target as Element).closest<HTMLLIElement>('li');
    this.#list.addEventListener('click', (event) => {
      const item = row(event);
      if (item !== null) {
        this.#select(item.dataset.path!);
        if (item.dataset.kind === 'directory') {
          void this.#toggle(item.dataset.path!);
        }
      }
    });
    this.#list.addEventListener('dblclick', (event) => {
      if (row(event)?.dataset.kind === 'file') {
        void this.#do('edit');
      }
    });
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    this.#list.addEventListener('pointerdown', (event) => void this.#fetch(row(event)));
    this.#list.addEventListener('dragstart', (event) => this.#dragOut(event, row(event)));
    this.#root.addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files') && this.#files !== null) {
        event.preventDefault();
        this.#root.classList.add('target');
      }
    });
    this.#root.addEventListener('dragleave', () => this.#root.classList.remove('target'));
    this.#root.addEventListener('drop', (event) => {
      event.preventDefault();
      this.#root.classList.remove('target');
      const onto = row(event)?.dataset.path;
      if (event.dataTransfer !== null) {
        void fromDrop(event.dataTransfer).then((all) => this.#upload(all, this.#directoryOf(onto ?? '')));
      }
    });
  }

  /** The keys of a tree (WAI-ARIA Authoring Practices). */
  #key(event: KeyboardEvent): void {
    const rows = this.#tree?.rows() ?? [];
    const at = rows.findIndex((row) => row.path === (document.activeElement as HTMLElement).dataset.path);
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const go = (to: Row | undefined) => to && this.#select(to.path, true);
    const keys: Record<string, () => unknown> = {
      ArrowDown: () => go(rows[at + 1]),
      ArrowUp: () => go(rows[at - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowRight: () => (row.directory && !row.expanded ? this.#toggle(row.path) : row.directory && go(rows[at + 1])),
      ArrowLeft: () => (row.expanded ? this.#toggle(row.path) : go(rows.find(({ path }) => path === parentOf(row.path)))),
      Enter: () => (row.directory ? this.#toggle(row.path) : this.#do('edit')),
      ' ': () => go(row),
      F2: () => this.#do('rename'),
      Delete: () => this.#do('remove'),
    };
    const action = keys[event.key] ?? (event.key.length === 1 ? () => go(typed(rows, at, event.key)) : undefined);
    if (action !== undefined) {
      event.preventDefault();
      if (['Enter', 'F2', 'Delete'].includes(event.key)) {
        this.#select(row.path);
      }
      action();
    }
  }

  #select(path: string, focus = false): void {
    this.#selected = path;
    this.#showSelection();
    if (focus) {
      this.#element(path)?.focus();
    }
  }

  async #toggle(path: string): Promise<void> {
    if (this.#files === null) {
      return;
    }
    if (this.#tree?.isOpen(path)) {
      this.#tree.close(path);
    } else {
      await this.#try(() => this.#tree!.open(path));
    }
    this.#showRows();
  }

  async #do(action: Action): Promise<void> {
    if (this.#files === null || this.#buttons.get(action)!.disabled) {
      return;
    }
    const here = this.#directoryOf(this.#selected);
    await this.#try(async () => {
      switch (action) {
        case 'newFile': return this.#create(here, 'New file', 'new.py', (path) => this.#files!.put(path, new Blob([])));
        case 'newFolder': return this.#create(here, 'New folder', 'folder', (path) => this.#files!.mkdir(path));
        case 'upload': return this.#choose(here, false);
        case 'uploadFolder': return this.#choose(here, true);
        case 'refresh': return this.#tree!.refresh();
        case 'edit': return this.#edit(this.#selected);
        case 'run': return this.#events.run(this.#selected);
        case 'download': return this.#download(this.#selected);
        case 'rename': return this.#rename(this.#selected);
        case 'remove': return this.#remove(this.#selected);
      }
    });
    this.#showAll();
  }

  async #create(directory: string, title: string, proposal: string, make_: (path: string) => Promise<void>): Promise<void> {
    const name = await ask(title, proposal, 'Create');
    if (name !== null) {
      const path = join(directory, name);
      if ((await this.#existing([path])).size > 0) {
        throw new Error(`${name} exists already`);
      }
      await make_(path);
      await this.#tree!.changed(path);
      this.#selected = path;
    }
  }

  #choose(directory: string, folder: boolean): void {
    const chooser = make('input', { type: 'file', multiple: true, webkitdirectory: folder });
    chooser.addEventListener('change', () => void this.#upload(fromChooser(chooser.files!), directory));
    chooser.click();
  }

  async #upload(incoming: Incoming[], directory: string): Promise<void> {
    const [files, tree] = [this.#files, this.#tree];
    if (files === null || tree === null) {
      return;
    }
    const targets = incoming.filter(({ file }) => file !== null).map(({ path }) => join(directory, path));
    if (!(await this.#mayReplace(targets))) {
      return;
    }
    await this.#try(async () => {
      for (const { path } of incoming.filter(({ file }) => file === null)) {
        await files.mkdir(join(directory, path)).catch((error: Error) => {
          if (!/exists/.test(error.message)) {
            throw error;
          }
        });
      }
    });
    const uploads = incoming.flatMap(({ path, file }) => file === null ? [] : [
      this.#transfers.add(path, file.size, (transfer) => files.put(join(directory, path), file, transfer)),
    ]);
    await Promise.all(uploads);
    await this.#try(() => tree.refresh());
    this.#showAll();
  }

  async #edit(path: string): Promise<void> {
    const entry = this.#tree!.find(path)!;
    if (entry.size > EDITABLE_BYTES) {
      throw new Error(`${entry.name} is too long to edit: download it`);
    }
    await this.#events.edit(path);
  }

  async #download(path: string): Promise<void> {
    const files = this.#files!;
    const entry = this.#tree!.find(path)!;
    if (!entry.directory) {
      await this.#transfers.add(entry.name, entry.size, async (transfer) => {
        download(new Blob([(await files.get(path, transfer)) as Uint8Array<ArrayBuffer>]), entry.name);
      });
      return;
    }
    const all = await walk(files, path);
    const total = all.reduce((sum, { entry: { size } }) => sum + size, 0);
    await this.#transfers.add(`${entry.name}.zip`, total, async ({ onProgress, signal }) => {
      const packed: { path: string; data: Uint8Array }[] = [];
      let before = 0;
      for (const { path: relative, entry: { directory, size } } of all) {
        const progress = (bytes: number) => onProgress?.(before + bytes);
        const data = directory
          ? new Uint8Array()
          : await files.get(join(path, relative), { onProgress: progress, ...(signal && { signal }) });
        packed.push({ path: `${entry.name}/${relative}${directory ? '/' : ''}`, data });
        before += size;
      }
      download(zip(packed), `${entry.name}.zip`);
    });
  }

  async #rename(path: string): Promise<void> {
    const name = await ask(`Rename ${nameOf(path)}`, nameOf(path), 'Rename');
    if (name === null || name === nameOf(path)) {
      return;
    }
    const to = join(parentOf(path), name);
    if (!(await this.#mayReplace([to]))) {
      return;
    }
    await this.#files!.rename(path, to);
    this.#events.onRenamed(path, to);
    this.#tree!.close(path);
    this.#selected = to;
    await this.#tree!.refresh();
  }

  async #remove(path: string): Promise<void> {
    const files = this.#files!;
    const { directory, name } = this.#tree!.find(path)!;
    const what = directory ? `${name} and all that is in it` : name;
    if (!(await confirmed(`Delete ${name}?`, `${what} will be gone for good.`, 'Delete'))) {
      return;
    }
    if (directory) {
      for (const { path: below, entry } of (await walk(files, path)).reverse()) {
        await (entry.directory ? files.rmdir(join(path, below)) : files.remove(join(path, below)));
      }
      await files.rmdir(path);
    } else {
      await files.remove(path);
    }
    this.#tree!.close(path);
    await this.#tree!.changed(path);
  }

  async #fetch(item: HTMLLIElement | null): Promise<void> {
    if (!item?.draggable || this.#files === null || this.#fetched?.path === item.dataset.path) {
      return;
    }
    const path = item.dataset.path!;
    try {
      const data = (await this.#files.get(path)) as Uint8Array<ArrayBuffer>;
      if (this.#fetched !== null) {
        URL.revokeObjectURL(this.#fetched.url);
      }
      this.#fetched = { path, url: URL.createObjectURL(new Blob([data])) };
    } catch {
      // It cannot be dragged then; a download will say why.
    }
  }

  /** Browsers take one file from a page, and only where they know this type (Chromium does). */
  #dragOut(event: DragEvent, item: HTMLLIElement | null): void {
    if (item === null || this.#fetched === null || this.#fetched.path !== item.dataset.path) {
      event.preventDefault();
      return;
    }
    const name = nameOf(this.#fetched.path);
    event.dataTransfer?.setData('DownloadURL', `application/octet-stream:${name}:${this.#fetched.url}`);
  }

  /* Small things */

  #existing(paths: readonly string[]): Promise<Map<string, Entry>> {
    return existing(this.#files!, this.#tree!.root, paths);
  }

  /** Asks people if any file is there already. Directories are never replaced. */
  async #mayReplace(paths: readonly string[]): Promise<boolean> {
    const known = await this.#existing(paths);
    for (const [path, { directory }] of known) {
      if (directory) {
        throw new Error(`${path} is a folder on the board`);
      }
    }
    return known.size === 0 || confirmed('Replace files?', `${names([...known.keys()])} will be replaced.`, 'Replace');
  }

  #suits(needs: 'nothing' | 'any' | 'file' | 'python'): boolean {
    const entry = this.#selected === '' ? undefined : this.#tree?.find(this.#selected);
    if (needs === 'nothing' || entry === undefined) {
      return needs === 'nothing';
    }
    return needs === 'any' || (!entry.directory && (needs === 'file' || entry.name.endsWith('.py')));
  }

  /** Where something new goes: into the selected directory, or beside the selected file. */
  #directoryOf(path: string): string {
    const root = this.#tree?.root ?? '';
    const here = this.#tree?.find(path)?.directory ? path : parentOf(path) || root;
    return here === '.' ? '' : here;
  }

  #element(path: string): HTMLElement | null {
    return this.#list.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`);
  }

  async #try(action: () => Promise<void> | void): Promise<void> {
    this.#message.textContent = '';
    try {
      await action();
    } catch (error) {
      this.#message.textContent = (error as Error).message;
    }
  }
}

function typed(rows: readonly Row[], at: number, letter: string): Row | undefined {
  const rest = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return rest.find(({ name }) => name.toLowerCase().startsWith(letter.toLowerCase()));
}

function names(all: readonly string[]): string {
  return all.length <= 3 ? all.join(', ') : `${all.slice(0, 2).join(', ')} and ${all.length - 2} others`;
}

function summary(all: readonly Progress[]): string {
  const failed = all.filter(({ state }) => state === 'failed').length;
  const over = all.filter(({ state }) => state === 'done').length;
  return `${over} of ${all.length} transferred${failed > 0 ? `, ${failed} failed` : ''}`;
}

function line({ label, total, done, state, error }: Progress): HTMLElement {
  const bar = make('progress', { max: Math.max(total, 1), value: state === 'done' ? Math.max(total, 1) : done, 'aria-label': label });
  const told = state === 'failed' ? error : state === 'running' ? `${sizeText(done)} of ${sizeText(total)}` : state;
  return make('div', { className: `transfer ${state}` }, make('span', { className: 'name' }, label), bar, make('span', { className: 'told' }, told));
}

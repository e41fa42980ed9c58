// SPDX-License-Identifier: MIT

import { confirmed, download, icon, make } from '../dom.ts';
import { EDITABLE_BYTES } from '../editor/text.ts';
import { type BoardFiles, type Entry, join, nameOf, parentOf, sizeText, walk } from './board-files.ts';
import { Drag } from './drag.ts';
import { fromChooser, type Incoming } from './drop.ts';
import { existing } from './existing.ts';
import { ICONS } from './icons.ts';
import { askName } from './naming.ts';
import { Queue } from './queue.ts';
import { Rows } from './rows.ts';
import { Tree } from './tree.ts';
import { mayReplace, names, upload } from './upload.ts';
import { type ZipEntry, zip } from './zip.ts';

export interface PanelEvents {
  /** Opens a file in the editor. */
  edit(path: string): Promise<void>;
  /** Runs a Python file in the terminal, where there is one. */
  run?(path: string): void;
  onRenamed(from: string, to: string): void;
}

type Action =
  | 'newFile' | 'newFolder' | 'upload' | 'uploadFolder' | 'refresh' | 'edit' | 'run' | 'download' | 'rename' | 'remove';

/** What must be selected for an action. */
type Needs = 'nothing' | 'some' | 'one' | 'file' | 'python';

/** These need a tree that may be changed. */
const CHANGES: readonly Action[] = ['newFile', 'newFolder', 'upload', 'uploadFolder', 'rename', 'remove'];

const ACTIONS: readonly [action: Action, label: string, needs: Needs][] = [
  ['newFile', 'New file', 'nothing'],
  ['newFolder', 'New folder', 'nothing'],
  ['upload', 'Upload files', 'nothing'],
  ['uploadFolder', 'Upload a folder', 'nothing'],
  ['refresh', 'Refresh', 'nothing'],
  ['edit', 'Edit', 'file'],
  ['run', 'Run', 'python'],
  ['download', 'Download', 'some'],
  ['rename', 'Rename', 'one'],
  ['remove', 'Delete', 'some'],
];

/** The files of one board: a tree, its commands, and the transfers under way. */
export class FilePanel {
  readonly #events: PanelEvents;
  readonly #rows: Rows;
  readonly #queue = new Queue();
  readonly #message = make('p', { className: 'trouble', role: 'alert' });
  readonly #space = make('p', { className: 'space' });
  readonly #buttons = new Map<Action, HTMLButtonElement>();
  #files: BoardFiles | null = null;
  #tree: Tree | null = null;

  constructor(root: HTMLElement, events: PanelEvents) {
    this.#events = events;
    this.#rows = new Rows({
      onToggle: (path) => void this.#toggle(path),
      onSelect: () => this.#showButtons(),
      onAct: (action) => void this.#do(action),
    });
    new Drag(root, this.#rows, {
      files: () => this.#files,
      onDrop: (incoming, onto) => void this.#upload(incoming, this.#directoryOf(onto)),
      onMove: (paths, onto) => void this.#move(paths, this.#directoryOf(onto)),
    });
    root.append(this.#toolbar(), this.#message, this.#rows.element, this.#space, this.#queue.element);
  }

  /** Transfers are under way. */
  get busy(): boolean {
    return this.#queue.transfers.busy;
  }

  /**
   * Opens the same directories again, so that a board that reconnects looks as before.
   *
   * @param files null: the session is over, or its board has no file operations
   */
  async show(files: BoardFiles | null): Promise<void> {
    if (files === this.#files) {
      return;
    }
    this.#files = files;
    if (files === null) {
      this.#queue.transfers.cancel();
      this.#showAll();
      return;
    }
    const tree = new Tree(files, files.root);
    const before = this.#tree?.opened ?? [];
    this.#tree = tree;
    await this.#try(() => tree.open(tree.root));
    for (const path of before.filter((path) => path !== tree.root && tree.find(path)?.directory)) {
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
    for (const [action, label, needs] of ACTIONS) {
      const button = make('button', { type: 'button', title: label, 'aria-label': label, 'data-action': action });
      button.append(icon(ICONS[action]));
      button.addEventListener('click', () => {
        // The next key is for what is selected, as if the action had been one.
        if (needs !== 'nothing') {
          this.#rows.focus();
        }
        void this.#do(action);
      });
      this.#buttons.set(action, button);
      bar.append(button);
    }
    return bar;
  }

  #showButtons(): void {
    for (const [action, , needs] of ACTIONS) {
      const button = this.#buttons.get(action)!;
      button.hidden = action === 'run' ? this.#events.run === undefined : CHANGES.includes(action) && this.#files?.writable === false;
      button.disabled = button.hidden || this.#files === null || !this.#suits(needs);
    }
  }

  #showAll(): void {
    this.#rows.show(this.#tree?.rows() ?? []);
    void this.#showSpace();
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

  /* What people do */

  async #toggle(path: string): Promise<void> {
    if (this.#files === null) {
      return;
    }
    if (this.#tree?.isOpen(path)) {
      this.#tree.close(path);
    } else {
      await this.#try(() => this.#tree!.open(path));
    }
    this.#rows.show(this.#tree?.rows() ?? []);
  }

  async #do(action: Action): Promise<void> {
    if (this.#files === null || this.#buttons.get(action)!.disabled) {
      return;
    }
    const [path = ''] = this.#rows.selection.paths;
    const here = this.#directoryOf(this.#rows.selection.current);
    await this.#try(async () => {
      switch (action) {
        case 'newFile': return this.#newFile(here);
        case 'newFolder': return void await this.#create(here, 'New folder', 'folder', (path) => this.#files!.mkdir(path));
        case 'upload': return this.#choose(here, false);
        case 'uploadFolder': return this.#choose(here, true);
        case 'refresh': return this.#tree!.refresh();
        case 'edit': return this.#edit(path);
        case 'run': return this.#events.run?.(path);
        case 'download': return this.#download(this.#rows.selection.topmost);
        case 'rename': return this.#rename(path);
        case 'remove': return this.#remove(this.#rows.selection.topmost);
      }
    });
    this.#showAll();
  }

  /** It is made to be written, so the editor opens it. */
  async #newFile(directory: string): Promise<void> {
    const path = await this.#create(directory, 'New file', 'new.py', (path) => this.#files!.put(path, new Blob([])));
    if (path !== null) {
      this.#showAll();
      await this.#events.edit(path);
    }
  }

  /** @returns its path; null if people have thought better of it */
  async #create(directory: string, title: string, proposal: string, make_: (path: string) => Promise<void>): Promise<string | null> {
    const name = await askName(title, proposal, 'Create');
    if (name === null) {
      return null;
    }
    const path = join(directory, name);
    if ((await existing(this.#files!, [path])).size > 0) {
      throw new Error(`${name} exists already`);
    }
    await make_(path);
    await this.#tree!.changed(path);
    this.#rows.selection.set(path);
    return path;
  }

  #choose(directory: string, folder: boolean): void {
    const chooser = make('input', { type: 'file', multiple: true, webkitdirectory: folder });
    chooser.addEventListener('change', () => void this.#upload(fromChooser(chooser.files!), directory));
    chooser.click();
  }

  async #upload(incoming: readonly Incoming[], directory: string): Promise<void> {
    const [files, tree] = [this.#files, this.#tree];
    if (files === null || tree === null) {
      return;
    }
    await this.#try(async () => {
      requireWritable(files);
      await upload(incoming, directory, { files, transfers: this.#queue.transfers });
      await tree.refresh();
    });
    this.#showAll();
  }

  async #edit(path: string): Promise<void> {
    const entry = this.#tree!.find(path)!;
    if (entry.size > EDITABLE_BYTES) {
      throw new Error(`${entry.name} is too long to edit: download it`);
    }
    await this.#events.edit(path);
  }

  /** One file as it is, anything else as an archive. */
  async #download(paths: readonly string[]): Promise<void> {
    const [path, ...more] = paths;
    const entry = this.#tree!.find(path!)!;
    const name = more.length === 0 ? entry.name : nameOf(parentOf(path!)) || 'files';
    if (entry.directory || more.length > 0) {
      await this.#downloadArchive(paths, `${name}.zip`);
      return;
    }
    await this.#queue.transfers.add(name, entry.size, async (transfer) => {
      download(new Blob([(await this.#files!.get(path!, transfer)) as Uint8Array<ArrayBuffer>]), name);
    });
  }

  async #downloadArchive(paths: readonly string[], name: string): Promise<void> {
    const files = this.#files!;
    const all: { path: string; name: string; entry: Entry }[] = [];
    for (const path of paths) {
      const entry = this.#tree!.find(path)!;
      const inside = entry.directory ? await walk(files, path) : [];
      if (!entry.directory) {
        all.push({ path, name: entry.name, entry });
      }
      all.push(...inside.map(({ path: below, entry: each }) => ({ path: join(path, below), name: `${entry.name}/${below}`, entry: each })));
    }
    const total = all.reduce((sum, { entry: { size } }) => sum + size, 0);
    await this.#queue.transfers.add(name, total, async ({ onProgress, signal }) => {
      const packed: ZipEntry[] = [];
      let before = 0;
      for (const { path, name: inArchive, entry: { directory, size, modified } } of all) {
        const progress = (bytes: number) => onProgress?.(before + bytes);
        const data = directory ? new Uint8Array() : await files.get(path, { onProgress: progress, ...(signal && { signal }) });
        packed.push({ path: `${inArchive}${directory ? '/' : ''}`, data, modified });
        before += size;
      }
      download(zip(packed), name);
    });
  }

  async #rename(path: string): Promise<void> {
    const name = await askName(`Rename ${nameOf(path)}`, nameOf(path), 'Rename');
    if (name !== null && name !== nameOf(path)) {
      await this.#moveTo([[path, join(parentOf(path), name)]]);
    }
  }

  async #move(paths: readonly string[], directory: string): Promise<void> {
    const moves = paths.map((path) => [path, join(directory, nameOf(path))] as const)
      .filter(([from, to]) => from !== to && !`${to}/`.startsWith(`${from}/`));
    if (this.#files !== null && moves.length > 0) {
      await this.#try(() => this.#moveTo(moves));
      this.#showAll();
    }
  }

  async #moveTo(moves: readonly (readonly [from: string, to: string])[]): Promise<void> {
    const [files, tree] = [this.#files!, this.#tree!];
    requireWritable(files);
    if (!(await mayReplace(moves.map(([, to]) => to), files))) {
      return;
    }
    for (const [from, to] of moves) {
      await files.rename(from, to);
      this.#events.onRenamed(from, to);
      tree.close(from);
      this.#rows.selection.set(to);
    }
    await tree.refresh();
  }

  async #remove(paths: readonly string[]): Promise<void> {
    const folders = paths.some((path) => this.#tree!.find(path)?.directory);
    const what = `${names(paths)}${folders ? ' and all that is in folders' : ''}`;
    const title = paths.length === 1 ? `Delete ${nameOf(paths[0]!)}?` : `Delete ${paths.length} files and folders?`;
    if (!(await confirmed(title, `${what} will be gone for good.`, 'Delete'))) {
      return;
    }
    for (const path of paths) {
      await this.#removeOne(path);
      this.#tree!.close(path);
    }
    await this.#tree!.refresh();
  }

  async #removeOne(path: string): Promise<void> {
    const files = this.#files!;
    if (!this.#tree!.find(path)?.directory) {
      await files.remove(path);
      return;
    }
    for (const { path: below, entry } of (await walk(files, path)).reverse()) {
      await (entry.directory ? files.rmdir(join(path, below)) : files.remove(join(path, below)));
    }
    await files.rmdir(path);
  }

  /* Small things */

  #suits(needs: Needs): boolean {
    const { paths } = this.#rows.selection;
    const entry = paths.length === 1 ? this.#tree?.find(paths[0]!) : undefined;
    switch (needs) {
      case 'nothing': return true;
      case 'some': return paths.length > 0;
      case 'one': return entry !== undefined;
      case 'file': return entry !== undefined && !entry.directory;
      case 'python': return entry !== undefined && !entry.directory && entry.name.endsWith('.py');
    }
  }

  /** Where something new goes: into the selected directory, or beside the selected file. */
  #directoryOf(path: string): string {
    const root = this.#tree?.root ?? '';
    const here = this.#tree?.find(path)?.directory ? path : parentOf(path) || root;
    return here === '.' ? '' : here;
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

function requireWritable(files: BoardFiles): void {
  if (!files.writable) {
    throw new Error('These files can only be read');
  }
}

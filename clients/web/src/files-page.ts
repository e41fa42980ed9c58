// SPDX-License-Identifier: MIT

import { make } from './dom.ts';
import { EditorPane } from './editor/pane.ts';
import type { BoardFiles } from './files/board-files.ts';
import { HttpFiles } from './files/http-files.ts';
import { FilePanel } from './files/panel.ts';
import { copyOfBoard, type Parts } from './parts.ts';
import { splitter } from './split.ts';
import { viewMenu } from './view-menu.ts';

const TERMINALS = ['reader', 'files-toggle', 'editor-toggle', 'search-toggle', 'add', 'disconnect', 'remove'];

/** A tree of files that a server offers by HTTP, with the panel and the editor that boards have beside their terminals. */
export class FilesPage {
  readonly #tree: URL;
  readonly #root: HTMLElement;
  readonly #parts: Parts;
  readonly #panel: FilePanel;
  readonly #editor: EditorPane;

  constructor(place: HTMLElement, tree: URL) {
    const { root, parts } = copyOfBoard(0);
    this.#tree = tree;
    this.#root = root;
    this.#parts = parts;
    const gone = new AbortController().signal; // it stays as long as the page
    this.#lookDifferent();
    place.append(root);
    this.#panel = new FilePanel(parts('files'), {
      edit: (path) => this.#editor.open(path),
      onRenamed: (from, to) => this.#editor.renamed(from, to),
    });
    this.#editor = new EditorPane(parts('editor'), tree.href, {
      onSaved: (path) => this.#panel.changed(path),
      onShown: (open) => this.#showEditor(open),
    }, gone);
    viewMenu(parts('view'), parts('view-menu'), [], gone);
    splitter(parts('files'), 'files', 'Width of the files');
  }

  /** Something typed, or a file, is not on the board yet. */
  get unsaved(): boolean {
    return this.#editor.unsaved || this.#panel.busy;
  }

  /** Rejects with a sentence if the tree cannot be shown. */
  async start(): Promise<void> {
    this.#tell('Connecting', 'connecting');
    const files: BoardFiles = await HttpFiles.open(this.#tree);
    this.#tell(files.writable ? 'Files' : 'Files, to read only', 'connected');
    this.#editor.show(files);
    await this.#panel.show(files);
  }

  #lookDifferent(): void {
    const parts = this.#parts;
    this.#root.classList.add('of-files');
    this.#root.setAttribute('aria-label', this.#tree.host);
    parts('host').textContent = this.#tree.host;
    parts('terminal').parentElement!.remove();
    for (const name of TERMINALS) {
      parts(name).remove();
    }
    parts('view').before(make('a', { className: 'tool', href: '/' }, 'Start page'));
    parts('files').hidden = false;
    document.title = `${this.#tree.host} · Files`;
    document.querySelector('h1')!.textContent = 'Files';
    this.#showEditor(false);
  }

  #showEditor(open: boolean): void {
    this.#parts('editor').hidden = !open;
    this.#root.dataset.editing = String(open);
  }

  #tell(label: string, state: string): void {
    this.#parts('status').textContent = label;
    this.#parts('status').dataset.state = state;
  }
}

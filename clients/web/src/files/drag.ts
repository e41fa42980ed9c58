// SPDX-License-Identifier: MIT

import { type BoardFiles, nameOf } from './board-files.ts';
import { fromDrop, type Incoming } from './drop.ts';
import { type Rows, rowOf } from './rows.ts';

/** Fetched while the pointer is down already, so that the file can be dragged out of the page. */
const DRAGGABLE_BYTES = 1024 * 1024;

/** What moves within a tree; only the tree that it comes from knows it. */
const PATHS = 'application/x-webrepl-paths';

export interface DragEvents {
  files(): BoardFiles | null;
  /** @param onto the row's path; '' for the free space below */
  onDrop(incoming: Incoming[], onto: string): void;
  onMove(paths: readonly string[], onto: string): void;
}

/** Dragging: files into the page, out of it, and from folder to folder. */
export class Drag {
  readonly #root: HTMLElement;
  readonly #rows: Rows;
  readonly #events: DragEvents;
  #fetched: { path: string; url: string } | null = null;
  #moving: readonly string[] = [];

  constructor(root: HTMLElement, rows: Rows, events: DragEvents) {
    this.#root = root;
    this.#rows = rows;
    this.#events = events;
    rows.element.addEventListener('pointerdown', (event) => void this.#fetch(rowOf(event)));
    rows.element.addEventListener('dragstart', (event) => this.#start(event, rowOf(event)));
    rows.element.addEventListener('dragend', () => {
      this.#moving = [];
    });
    root.addEventListener('dragover', (event) => this.#over(event));
    root.addEventListener('dragleave', () => this.#mark(null));
    root.addEventListener('drop', (event) => this.#drop(event));
  }

  async #fetch(item: HTMLLIElement | null): Promise<void> {
    const files = this.#events.files();
    const path = item?.dataset.path;
    if (files === null || path === undefined || item?.dataset.kind !== 'file' || this.#fetched?.path === path
      || Number(item.dataset.size) > DRAGGABLE_BYTES) {
      return;
    }
    try {
      const data = (await files.get(path)) as Uint8Array<ArrayBuffer>;
      if (this.#fetched !== null) {
        URL.revokeObjectURL(this.#fetched.url);
      }
      this.#fetched = { path, url: URL.createObjectURL(new Blob([data])) };
    } catch {
      // It cannot be dragged out then; a download will say why.
    }
  }

  #start(event: DragEvent, item: HTMLLIElement | null): void {
    if (item === null || event.dataTransfer === null) {
      return;
    }
    const path = item.dataset.path!;
    if (!this.#rows.selection.has(path)) {
      this.#rows.select(path);
    }
    this.#moving = this.#rows.selection.topmost;
    event.dataTransfer.setData(PATHS, JSON.stringify(this.#moving));
    event.dataTransfer.effectAllowed = 'copyMove';
    // Browsers take one file from a page, and only where they know this type (Chromium does).
    if (this.#fetched?.path === path && this.#moving.length === 1) {
      event.dataTransfer.setData('DownloadURL', `application/octet-stream:${nameOf(path)}:${this.#fetched.url}`);
    }
  }

  #over(event: DragEvent): void {
    const fits = event.dataTransfer?.types.includes('Files') || this.#moving.length > 0;
    if (fits && this.#events.files() !== null) {
      event.preventDefault();
      const item = rowOf(event);
      this.#mark(item?.dataset.kind === 'directory' ? item : this.#root);
    }
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.#mark(null);
    const onto = rowOf(event)?.dataset.path ?? '';
    if (this.#moving.length > 0) {
      this.#events.onMove(this.#moving, onto);
    } else if (event.dataTransfer !== null) {
      void fromDrop(event.dataTransfer).then((incoming) => incoming.length > 0 && this.#events.onDrop(incoming, onto));
    }
  }

  #mark(target: HTMLElement | null): void {
    this.#root.querySelector('.target')?.classList.remove('target');
    this.#root.classList.remove('target');
    target?.classList.add('target');
  }
}

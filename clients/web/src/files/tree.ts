// SPDX-License-Identifier: MIT

import { type BoardFiles, type Entry, join, parentOf } from './board-files.ts';

/** A row of the tree, as it is shown. */
export interface Row {
  readonly path: string;
  readonly name: string;
  readonly directory: boolean;
  readonly size: number;
  readonly modified: number;
  /** 1 at the top, as `aria-level` counts. */
  readonly level: number;
  readonly expanded: boolean;
}

const byKindAndName = (a: Entry, b: Entry) =>
  Number(b.directory) - Number(a.directory) || a.name.localeCompare(b.name, undefined, { numeric: true });

/** Which directories are open, and their contents. It knows nothing about their looks. */
export class Tree {
  readonly root: string;
  readonly #files: BoardFiles;
  readonly #contents = new Map<string, Entry[]>();

  constructor(files: BoardFiles, root: string) {
    this.#files = files;
    this.root = root;
  }

  /** Opens a directory, or reads it again. */
  async open(path: string): Promise<void> {
    const entries = await this.#files.list(path);
    this.#contents.set(path, entries.sort(byKindAndName));
  }

  close(path: string): void {
    for (const open of this.#contents.keys()) {
      if (open === path || open.startsWith(`${path}/`)) {
        this.#contents.delete(open);
      }
    }
  }

  /** Open directories, each after its parents. */
  get opened(): readonly string[] {
    return [...this.#contents.keys()].sort();
  }

  isOpen(path: string): boolean {
    return this.#contents.has(path);
  }

  /** Reads all open directories again, and closes those that have gone. */
  async refresh(): Promise<void> {
    for (const path of new Set([this.root, ...this.opened])) {
      try {
        await this.open(path);
      } catch (error) {
        this.close(path);
        if (path === this.root) {
          throw error;
        }
      }
    }
  }

  /** Reads the directory of a file or directory that was added, removed or changed, if it is shown. */
  async changed(path: string): Promise<void> {
    const directory = parentOf(path) || this.root;
    if (this.isOpen(directory)) {
      await this.open(directory);
    }
  }

  find(path: string): Entry | undefined {
    const directory = parentOf(path) || this.root;
    return this.#contents.get(directory)?.find((entry) => join(this.#prefix(directory), entry.name) === path);
  }

  rows(): Row[] {
    const rows: Row[] = [];
    const add = (directory: string, level: number) => {
      for (const entry of this.#contents.get(directory) ?? []) {
        const path = join(this.#prefix(directory), entry.name);
        const expanded = entry.directory && this.isOpen(path);
        rows.push({ ...entry, path, level, expanded });
        if (expanded) {
          add(path, level + 1);
        }
      }
    };
    add(this.root, 1);
    return rows;
  }

  /** Below the working directory paths are relative to it. */
  #prefix(directory: string): string {
    return directory === '.' ? '' : directory;
  }
}

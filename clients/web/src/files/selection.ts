// SPDX-License-Identifier: MIT

/** Which rows of a list are selected, and from where a range goes. */
export class Selection {
  #paths: readonly string[] = [];
  #anchor = '';
  /** Where the keyboard is. */
  current = '';

  get paths(): readonly string[] {
    return this.#paths;
  }

  has(path: string): boolean {
    return this.#paths.includes(path);
  }

  /** Only this one; '' for none. */
  set(path: string): void {
    this.#paths = path === '' ? [] : [path];
    this.#anchor = path;
    this.current = path;
  }

  toggle(path: string): void {
    this.#paths = this.has(path) ? this.#paths.filter((other) => other !== path) : [...this.#paths, path];
    this.#anchor = path;
    this.current = path;
  }

  /** From where the selection began to this row. @param all all rows, as they are shown */
  extend(path: string, all: readonly string[]): void {
    const from = Math.max(0, all.indexOf(this.#anchor));
    const to = all.indexOf(path);
    this.#paths = all.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.current = path;
  }

  all(all: readonly string[]): void {
    this.#paths = all;
  }

  /** Forgets rows that are gone. */
  keep(all: readonly string[]): void {
    this.#paths = this.#paths.filter((path) => all.includes(path));
    if (!all.includes(this.current)) {
      this.current = this.#paths[0] ?? '';
    }
  }

  /** Without what lies in a folder that is selected itself. */
  get topmost(): string[] {
    return this.#paths.filter((path) => !this.#paths.some((other) => path.startsWith(`${other}/`)));
  }
}

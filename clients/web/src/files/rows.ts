// SPDX-License-Identifier: MIT

import { icon, make } from '../dom.ts';
import { dateText, parentOf, sizeText } from './board-files.ts';
import { ICONS } from './icons.ts';
import { Selection } from './selection.ts';
import type { Row } from './tree.ts';

export interface RowsEvents {
  onToggle(path: string): void;
  onSelect(): void;
  /** Enter, F2, Delete, or a double click. */
  onAct(action: 'edit' | 'rename' | 'remove'): void;
}

/** The tree on the page: rows, their selection, and the keys of a tree (WAI-ARIA Authoring Practices). */
export class Rows {
  readonly element = make('ul', { className: 'tree', role: 'tree', 'aria-label': 'Files on the board', 'aria-multiselectable': 'true' });
  readonly selection = new Selection();
  readonly #events: RowsEvents;
  #rows: readonly Row[] = [];

  constructor(events: RowsEvents) {
    this.#events = events;
    this.element.addEventListener('click', (event) => this.#click(event));
    this.element.addEventListener('dblclick', (event) => {
      if (rowOf(event)?.dataset.kind === 'file') {
        this.#events.onAct('edit');
      }
    });
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  show(rows: readonly Row[]): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.#rows = rows;
    this.selection.keep(this.#paths);
    this.element.replaceChildren(...rows.map(itemOf));
    this.#paint();
    if (hadFocus) {
      this.focus();
    }
  }

  /** Gives the keyboard to the current row. */
  focus(): void {
    this.element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  select(path: string): void {
    this.selection.set(path);
    this.#paint();
  }

  get #paths(): string[] {
    return this.#rows.map(({ path }) => path);
  }

  /** Leaves the rows in place, because a double click must hit the same row twice. */
  #paint(): void {
    const items = [...this.element.querySelectorAll<HTMLElement>('li')];
    const current = items.find((item) => item.dataset.path === this.selection.current) ?? items[0];
    for (const item of items) {
      item.setAttribute('aria-selected', String(this.selection.has(item.dataset.path!)));
      item.tabIndex = item === current ? 0 : -1;
    }
    this.#events.onSelect();
  }

  #click(event: MouseEvent): void {
    const item = rowOf(event);
    if (item === null) {
      return;
    }
    const path = item.dataset.path!;
    if (event.shiftKey) {
      this.selection.extend(path, this.#paths);
    } else if (event.ctrlKey || event.metaKey) {
      this.selection.toggle(path);
    } else {
      this.selection.set(path);
    }
    this.#paint();
    if (item.dataset.kind === 'directory' && this.selection.paths.length === 1) {
      this.#events.onToggle(path);
    }
  }

  #key(event: KeyboardEvent): void {
    const at = this.#rows.findIndex((row) => row.path === (document.activeElement as HTMLElement).dataset.path);
    const row = this.#rows[at];
    const action = row === undefined || event.altKey ? undefined : this.#actionOf(event, row, at);
    if (action !== undefined) {
      event.preventDefault();
      action();
    }
  }

  #actionOf(event: KeyboardEvent, row: Row, at: number): (() => void) | undefined {
    const go = (to: Row | undefined) => to && this.#go(to.path, event.shiftKey);
    const act = (action: 'edit' | 'rename' | 'remove') => {
      if (!this.selection.has(row.path)) {
        this.select(row.path);
      }
      this.#events.onAct(action);
    };
    if (event.ctrlKey || event.metaKey) {
      const keys: Record<string, () => void> = {
        a: () => this.#change(() => this.selection.all(this.#paths)),
        ' ': () => this.#change(() => this.selection.toggle(row.path)),
      };
      return keys[event.key];
    }
    const toggle = () => this.#events.onToggle(row.path);
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(this.#rows[at + 1]),
      ArrowUp: () => go(this.#rows[at - 1]),
      Home: () => go(this.#rows[0]),
      End: () => go(this.#rows.at(-1)),
      ArrowRight: () => (row.directory && !row.expanded ? toggle() : row.directory && go(this.#rows[at + 1])),
      ArrowLeft: () => (row.expanded ? toggle() : go(this.#rows.find(({ path }) => path === parentOf(row.path)))),
      Enter: () => (row.directory ? toggle() : act('edit')),
      ' ': () => go(row),
      F2: () => act('rename'),
      Delete: () => act('remove'),
    };
    return keys[event.key] ?? (event.key.length === 1 ? () => go(beginningWith(this.#rows, at, event.key)) : undefined);
  }

  #go(path: string, extend: boolean): void {
    this.#change(() => (extend ? this.selection.extend(path, this.#paths) : this.selection.set(path)));
    this.element.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  }

  #change(change: () => void): void {
    change();
    this.#paint();
  }
}

export function rowOf(event: Event): HTMLLIElement | null {
  return (event.target as Element).closest<HTMLLIElement>('li');
}

function itemOf(row: Row): HTMLLIElement {
  const date = dateText(row.modified);
  const item = make('li', {
    role: 'treeitem', draggable: true, title: date === '' ? row.path : `${row.path}, ${date}`,
    'data-path': row.path, 'data-kind': row.directory ? 'directory' : 'file', 'data-size': row.size,
    'aria-level': row.level,
  });
  if (row.directory) {
    item.setAttribute('aria-expanded', String(row.expanded));
  }
  item.style.setProperty('--level', String(row.level));
  item.append(icon(row.directory ? (row.expanded ? ICONS.opened : ICONS.folder) : ICONS.file),
    make('span', { className: 'name' }, row.name), make('span', { className: 'date' }, date),
    make('span', { className: 'size' }, row.directory ? '' : sizeText(row.size)));
  return item;
}

function beginningWith(rows: readonly Row[], at: number, letter: string): Row | undefined {
  const rest = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return rest.find(({ name }) => name.toLowerCase().startsWith(letter.toLowerCase()));
}

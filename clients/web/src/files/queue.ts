// SPDX-License-Identifier: MIT

import { make } from '../dom.ts';
import { sizeText } from './board-files.ts';
import { type Progress, Transfers } from './transfers.ts';

/** Often enough to follow, and seldom enough to leave the time to the transfers. */
const PAINT_MS = 100;

/** Of more transfers than these, only those are listed that run or have failed. */
const LISTED = 12;

/** The transfers under way, as people see them. */
export class Queue {
  readonly element = make('div', { className: 'transfers', role: 'region', 'aria-label': 'Transfers', hidden: true });
  readonly transfers = new Transfers(() => this.#changed());
  readonly #summary = make('span', { role: 'status' });
  readonly #button = make('button', { type: 'button' });
  readonly #lines = make('div');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor() {
    this.element.append(make('div', { className: 'head' }, this.#summary, this.#button), this.#lines);
    this.#button.addEventListener('click', () => (this.#running ? this.transfers.cancel() : this.transfers.clear()));
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => this.#paint(), PAINT_MS);
  }

  #paint(): void {
    this.#timer = undefined;
    const all = this.transfers.all;
    this.#running = all.some(({ state }) => state === 'running' || state === 'waiting');
    this.element.hidden = all.length === 0;
    this.#summary.textContent = summary(all);
    this.#button.textContent = this.#running ? 'Cancel all' : 'Clear';
    const listed = all.length <= LISTED ? all : all.filter(({ state }) => state === 'running' || state === 'failed');
    this.#lines.replaceChildren(...listed.map(line));
  }
}

function summary(all: readonly Progress[]): string {
  const count = (wanted: Progress['state']) => all.filter(({ state }) => state === wanted).length;
  const failed = count('failed') > 0 ? `, ${count('failed')} failed` : '';
  const cancelled = count('cancelled') > 0 ? `, ${count('cancelled')} cancelled` : '';
  return `${count('done')} of ${all.length} transferred${failed}${cancelled}`;
}

function line({ label, total, done, state, error }: Progress): HTMLElement {
  const most = Math.max(total, 1);
  const bar = make('progress', { max: most, value: state === 'done' ? most : done, 'aria-label': label });
  const told = state === 'failed' ? error : state === 'running' ? `${sizeText(done)} of ${sizeText(total)}` : state;
  return make('div', { className: `transfer ${state}` },
    make('span', { className: 'name' }, label), bar, make('span', { className: 'told' }, told));
}

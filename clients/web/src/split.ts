// SPDX-License-Identifier: MIT

import { make } from './dom.ts';
import { keep, kept } from './memory.ts';

const STEP = 2;
const LEAST = 10;
const MOST = 85;

/**
 * A border that people can move, by pointer or with the arrow keys; a double click puts it back. Where it stands is
 * remembered.
 *
 * @param pane  the element in front of it, whose share of its parent is set as `--share`, in percent
 * @param label what it separates, for screen readers
 */
export function splitter(pane: HTMLElement, name: string, label: string): HTMLElement {
  const bar = make('div', { className: 'splitter', role: 'separator', tabIndex: 0, 'aria-label': label, 'aria-valuemin': LEAST, 'aria-valuemax': MOST });
  const memory = `webrepl.split.${name}`;
  const set = (percent: number) => {
    const share = Math.round(Math.max(LEAST, Math.min(MOST, percent)) * 10) / 10;
    pane.style.setProperty('--share', `${share}%`);
    bar.setAttribute('aria-valuenow', String(Math.round(share)));
    keep(memory, share);
  };
  const reset = () => {
    pane.style.removeProperty('--share');
    bar.setAttribute('aria-valuenow', '50');
    keep(memory, null);
  };
  const isColumn = () => getComputedStyle(pane.parentElement!).flexDirection === 'column';
  const share = () => {
    const [part, whole] = [pane.getBoundingClientRect(), pane.parentElement!.getBoundingClientRect()];
    return (100 * (isColumn() ? part.height / whole.height : part.width / whole.width)) || 50;
  };
  bar.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener('pointermove', (event) => {
    if (bar.hasPointerCapture(event.pointerId)) {
      const whole = pane.parentElement!.getBoundingClientRect();
      set(100 * (isColumn() ? (event.clientY - whole.top) / whole.height : (event.clientX - whole.left) / whole.width));
    }
  });
  bar.addEventListener('dblclick', reset);
  bar.addEventListener('keydown', (event) => {
    const steps: Record<string, number> = { ArrowLeft: -STEP, ArrowUp: -STEP, ArrowRight: STEP, ArrowDown: STEP };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      set(share() + step);
    }
  });
  const before = kept(memory);
  if (typeof before === 'number') {
    set(before);
  } else {
    bar.setAttribute('aria-valuenow', '50');
  }
  pane.after(bar);
  return bar;
}

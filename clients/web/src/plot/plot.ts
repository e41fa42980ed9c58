// SPDX-License-Identifier: MIT

import { appearance } from '../appearance.ts';
import { make } from '../dom.ts';
import { Lines, samplesIn } from './numbers.ts';

const MOST_SAMPLES = 500;
const MOST_CURVES = 6;
const COLOURS = ['blue', 'yellow', 'green', 'magenta', 'red', 'cyan'];
const PADDING = 12;
const LABEL_WIDTH = 56;

/** Draws lines of numbers that the board prints as curves. */
export class Plot {
  readonly element: HTMLElement;
  readonly #canvas = make('canvas', { role: 'img', 'aria-label': 'Curves of the numbers that the board prints' });
  readonly #legend = make('div', { className: 'legend' });
  readonly #lines = new Lines();
  readonly #curves = new Map<string, number[]>();
  #frame = 0;

  /** @param gone when the board leaves the page */
  constructor(element: HTMLElement, gone: AbortSignal) {
    this.element = element;
    const clear = make('button', { type: 'button' }, 'Clear');
    clear.addEventListener('click', () => {
      this.#curves.clear();
      this.#draw();
    });
    element.append(make('div', { className: 'head' }, this.#legend, clear), this.#canvas);
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    appearance.onChange(() => this.#draw(), gone);
  }

  /** Output of the board. Nothing is kept while nobody looks. */
  hear(text: string): void {
    if (this.element.hidden) {
      return;
    }
    for (const line of this.#lines.take(text)) {
      for (const { name, value } of samplesIn(line)) {
        this.#add(name, value);
      }
    }
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #add(name: string, value: number): void {
    const curve = this.#curves.get(name) ?? [];
    if (curve.length === 0 && this.#curves.size >= MOST_CURVES) {
      return;
    }
    curve.push(value);
    if (curve.length > MOST_SAMPLES) {
      curve.shift();
    }
    this.#curves.set(name, curve);
  }

  #draw(): void {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = this.#canvas.getContext('2d');
    if (context === null || width === 0) {
      return;
    }
    this.#canvas.width = width * devicePixelRatio;
    this.#canvas.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    const [low, high] = this.#range();
    const y = (value: number) => height - PADDING - ((value - low) / (high - low)) * (height - 2 * PADDING);
    context.font = `11px ${colour('mono')}`;
    context.textBaseline = 'middle';
    for (const value of this.#curves.size === 0 ? [] : [low, (low + high) / 2, high]) {
      context.strokeStyle = colour('line');
      context.fillStyle = colour('muted');
      context.beginPath();
      context.moveTo(LABEL_WIDTH, y(value));
      context.lineTo(width, y(value));
      context.stroke();
      context.fillText(shortened(value), 8, y(value));
    }
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    [...this.#curves.values()].forEach((curve, index) => {
      const step = (width - LABEL_WIDTH - PADDING) / Math.max(curve.length - 1, 1);
      context.strokeStyle = colour(`ansi-${COLOURS[index]}`);
      context.beginPath();
      for (const [at, value] of curve.entries()) {
        context.lineTo(LABEL_WIDTH + at * step, y(value));
      }
      context.stroke();
    });
    this.#showLegend();
  }

  #range(): [low: number, high: number] {
    const all = [...this.#curves.values()].flat();
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return low < high ? [low, high] : [low - 1, high + 1];
  }

  #showLegend(): void {
    const entries = [...this.#curves].map(([name, curve], index) => {
      const entry = make('span', { className: 'curve' }, `${name} ${shortened(curve.at(-1)!)}`);
      entry.style.setProperty('--tone', `var(--ansi-${COLOURS[index]})`);
      return entry;
    });
    this.#legend.replaceChildren(...(entries.length > 0 ? entries : ['Print lines of numbers, such as 21.5 or t=21.5, h=40']));
  }
}

function shortened(value: number): string {
  return String(Number(value.toPrecision(4)));
}

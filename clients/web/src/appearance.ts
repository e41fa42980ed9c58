// SPDX-License-Identifier: MIT

import { keep, kept } from './memory.ts';

/** How the page looks: its colours, and the size of text in terminal and editor. People choose, the browser remembers. */

export type Theme = 'system' | 'dark' | 'light';

export const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

export const LEAST_SIZE = 10;
export const MOST_SIZE = 24;
const USUAL_SIZE = 14;

const LOOK = 'webrepl.look';
const light = matchMedia('(prefers-color-scheme: light)');
const listeners = new Set<() => void>();

const remembered = kept(LOOK) as { theme?: Theme; size?: number } | null;
let theme: Theme = THEMES.find((each) => each === remembered?.theme) ?? 'system';
let size = typeof remembered?.size === 'number' ? bounded(remembered.size) : USUAL_SIZE;

export const appearance = {
  get theme(): Theme {
    return theme;
  },
  set theme(chosen: Theme) {
    theme = chosen;
    changed();
  },
  /** In CSS pixels. */
  get size(): number {
    return size;
  },
  set size(chosen: number) {
    size = bounded(chosen);
    changed();
  },
  /** Calls back after every change, also of the system's colours, until `gone`. */
  onChange(listener: () => void, gone: AbortSignal): void {
    listeners.add(listener);
    gone.addEventListener('abort', () => listeners.delete(listener));
  },
};

function bounded(pixels: number): number {
  return Math.max(LEAST_SIZE, Math.min(MOST_SIZE, Math.round(pixels)));
}

function changed(): void {
  keep(LOOK, { theme, size });
  apply();
}

function apply(): void {
  const root = document.documentElement;
  root.dataset.theme = theme === 'system' ? (light.matches ? 'light' : 'dark') : theme;
  root.style.setProperty('--text-size', `${size}px`);
  for (const listener of listeners) {
    listener();
  }
}

light.addEventListener('change', apply);
apply();

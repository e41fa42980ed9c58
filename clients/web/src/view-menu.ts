// SPDX-License-Identifier: MIT

import { appearance, THEMES, type Theme } from './appearance.ts';
import { make } from './dom.ts';

const NAMES: Record<Theme, string> = { system: 'System', dark: 'Dark', light: 'Light' };

/**
 * The menu behind a board's View button: text size, colours, and what else can be shown.
 *
 * @param switches further buttons, which show something or hide it
 * @param gone     when the board leaves the page
 */
export function viewMenu(button: HTMLElement, menu: HTMLElement, switches: readonly HTMLElement[], gone: AbortSignal): void {
  const size = make('span', { className: 'value', role: 'status' });
  const step = (label: string, by: number) => {
    const key = make('button', { type: 'button' }, label);
    key.addEventListener('click', () => {
      appearance.size += by;
    });
    return key;
  };
  const themes = THEMES.map((theme) => {
    const choice = make('button', { type: 'button', 'data-theme-choice': theme }, NAMES[theme]);
    choice.addEventListener('click', () => {
      appearance.theme = theme;
    });
    return choice;
  });
  const paint = () => {
    size.textContent = `${appearance.size} px`;
    for (const choice of themes) {
      choice.setAttribute('aria-pressed', String(choice.dataset.themeChoice === appearance.theme));
    }
  };
  menu.append(
    group('Text', step('Smaller', -1), size, step('Larger', 1)),
    group('Colours', ...themes),
    ...switches,
  );
  appearance.onChange(paint, gone);
  paint();
  opens(button, menu, gone);
}

function group(label: string, ...content: HTMLElement[]): HTMLElement {
  return make('div', { role: 'group', 'aria-label': label, className: 'group' }, make('span', { className: 'label' }, label), ...content);
}

/** Opens at the button; Escape and a press elsewhere close it. */
function opens(button: HTMLElement, menu: HTMLElement, gone: AbortSignal): void {
  const show = (open: boolean) => {
    menu.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
  };
  button.addEventListener('click', () => show(menu.hidden === true));
  document.addEventListener('pointerdown', (event) => {
    if (!menu.contains(event.target as Node) && !button.contains(event.target as Node)) {
      show(false);
    }
  }, { signal: gone });
  for (const element of [button, menu]) {
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        show(false);
        button.focus();
      }
    });
  }
  show(false);
}

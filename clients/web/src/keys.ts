// SPDX-License-Identifier: MIT

/** Keys that the keyboards of phones and tablets lack: label, name for screen readers, and the characters that are
 * sent. */
const KEYS: readonly (readonly [label: string, name: string, keys: string])[] = [
  ['Ctrl C', 'Ctrl C, interrupt', '\x03'],
  ['Ctrl D', 'Ctrl D, soft reset', '\x04'],
  ['Ctrl E', 'Ctrl E, paste mode', '\x05'],
  ['Tab', 'Tab', '\t'],
  ['↑', 'Up', '\x1b[A'],
  ['↓', 'Down', '\x1b[B'],
  ['←', 'Left', '\x1b[D'],
  ['→', 'Right', '\x1b[C'],
];

/** Fills the bar of extra keys; the style sheet shows it where there is no fine pointer. */
export function fillKeyBar(bar: HTMLElement, onKeys: (keys: string) => void): void {
  for (const [label, name, keys] of KEYS) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.setAttribute('aria-label', name);
    // A press must not take the focus from the terminal, or the on-screen keyboard closes.
    button.addEventListener('pointerdown', (event) => event.preventDefault());
    button.addEventListener('click', () => onKeys(keys));
    bar.append(button);
  }
}

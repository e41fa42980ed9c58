// SPDX-License-Identifier: MIT

import type { ITheme } from '@xterm/xterm';

const ANSI_NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** Reads the terminal's colours from the style sheet, where all colours of the page live. */
export function themeFromCss(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();

  const theme: ITheme = {
    background: colour('ground'),
    foreground: colour('ink'),
    cursor: colour('accent'),
    cursorAccent: colour('ground'),
    selectionBackground: colour('selection'),
  };
  for (const name of ANSI_NAMES) {
    theme[name] = colour(`ansi-${name}`);
    theme[`bright${capitalise(name)}`] = colour(`ansi-bright-${name}`);
  }
  return theme;
}

function capitalise<T extends string>(word: T): Capitalize<T> {
  return (word.charAt(0).toUpperCase() + word.slice(1)) as Capitalize<T>;
}

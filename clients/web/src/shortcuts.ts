// SPDX-License-Identifier: MIT

/**
 * The page's own keys. They work wherever the focus is, the terminal included, so they are few.
 *
 * On a Mac, Option with a letter types a character, and browsers take most keys with Command.
 */
export type Shortcut = 'files' | 'editor' | 'search';

interface Keys {
  readonly key: string;
  readonly alt?: boolean;
  readonly control?: boolean;
  readonly shift?: boolean;
}

const KEYS: Record<Shortcut, Keys> = {
  files: { key: 'f', alt: true },
  editor: { key: 'e', alt: true },
  search: { key: 'f', control: true, shift: true },
};

const MAC_KEYS: Record<Shortcut, Keys> = {
  files: { key: 'e', control: true, shift: true },
  editor: { key: 'd', control: true, shift: true },
  search: { key: 'f', control: true, shift: true },
};

function keysOf(platform: string): Record<Shortcut, Keys> {
  return /mac|iphone|ipad/i.test(platform) ? MAC_KEYS : KEYS;
}

/** How people read it: `Alt-F`. */
export function label(shortcut: Shortcut, platform = navigator.platform): string {
  const { key, alt, control, shift } = keysOf(platform)[shortcut];
  return [control && 'Ctrl', shift && 'Shift', alt && 'Alt', key.toUpperCase()].filter(Boolean).join('-');
}

/** Which shortcut a key press is, if any. */
export function pressed(event: KeyboardEvent, platform = navigator.platform): Shortcut | undefined {
  const found = Object.entries(keysOf(platform)).find(([, keys]) =>
    keys.key === event.key.toLowerCase() && Boolean(keys.alt) === event.altKey && Boolean(keys.control) === event.ctrlKey
    && Boolean(keys.shift) === event.shiftKey && !event.metaKey);
  return found?.[0] as Shortcut | undefined;
}

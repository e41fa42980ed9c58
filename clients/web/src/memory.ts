// SPDX-License-Identifier: MIT

/** What the page keeps between visits. Passwords are never kept. */

const BOARDS = 'webrepl.boards';
const SECOND = 'webrepl.second';

/** What was kept under a name; null without storage, or where there is something that nobody has kept. */
export function kept(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}

/** Names that begin so. */
export function keptNames(beginning: string): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(beginning));
  } catch {
    return [];
  }
}

/**
 * @param value null: nothing is kept any more
 * @returns false if there is no room, or no storage
 */
export function keep(name: string, value: unknown): boolean {
  try {
    if (value === null) {
      localStorage.removeItem(name);
    } else {
      localStorage.setItem(name, JSON.stringify(value));
    }
    return true;
  } catch {
    return false;
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Whether a board has ever spoken the second edition of the protocol. */
export function spokeSecond(board: string): boolean {
  return strings(kept(SECOND)).includes(board);
}

export function rememberSecond(board: string): void {
  if (!spokeSecond(board)) {
    keep(SECOND, [...strings(kept(SECOND)), board]);
  }
}

/** Addresses of the boards that were open beside this one. */
export function recall(own: string): string[] {
  return strings((kept(BOARDS) as Record<string, unknown> | null)?.[own]).filter((address) => URL.canParse(address));
}

export function remember(own: string, others: readonly string[]): void {
  keep(BOARDS, { ...(kept(BOARDS) as object | null), [own]: others });
}

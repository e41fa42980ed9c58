// SPDX-License-Identifier: MIT

/** Addresses that the page keeps between visits. Passwords are never kept. */

const KEY = 'webrepl.boards';

/** Addresses of the boards that were open beside this one. */
export function recall(own: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')[own];
    return Array.isArray(kept) ? kept.filter((address) => typeof address === 'string' && URL.canParse(address)) : [];
  } catch {
    return []; // no storage, or somebody else's
  }
}

export function remember(own: string, others: readonly string[]): void {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    localStorage.setItem(KEY, JSON.stringify({ ...kept, [own]: others }));
  } catch {
    // A page without storage forgets.
  }
}

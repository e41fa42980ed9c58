// SPDX-License-Identifier: MIT

import { make } from './dom.ts';
import { keep, kept } from './memory.ts';
import { presenceOf } from './presence.ts';

/** Boards that somebody has opened on this page, and how they are now. */

const KNOWN = 'webrepl.known';
const VERSIONS = 'webrepl.versions';

/** What a firmware says that has no version. */
const UNNUMBERED = '0.0.0';

export function knownBoards(): string[] {
  const found = kept(KNOWN);
  return Array.isArray(found) ? found.filter((address) => typeof address === 'string' && URL.canParse(address)) : [];
}

export function know(address: string): void {
  if (!knownBoards().includes(address)) {
    keep(KNOWN, [...knownBoards(), address]);
  }
}

function forget(address: string): void {
  const { [address]: _, ...others } = versions();
  keep(VERSIONS, others);
  keep(KNOWN, knownBoards().filter((other) => other !== address));
}

/** Remembers which firmware a board has, for those who cannot log in at the moment. */
export function knowVersion(address: string, version: string): void {
  const known = versions();
  if (version !== UNNUMBERED && known[address] !== version) {
    keep(VERSIONS, { ...known, [address]: version });
  }
}

function versions(): Record<string, unknown> {
  return (kept(VERSIONS) as Record<string, unknown> | null) ?? {};
}

function withVersion(address: string, state: string): string {
  const version = versions()[address];
  return typeof version === 'string' ? `${state} · version ${version}` : state;
}

/**
 * A list of the known boards, with their states.
 *
 * @param shown  boards that are on the page, and what their state is
 * @param onOpen called with the address of the one that was chosen
 */
export function boardList(shown: ReadonlyMap<string, string>, onOpen: (address: string) => void): HTMLElement {
  const list = make('ul', { className: 'known', 'aria-label': 'Known boards' });
  for (const address of knownBoards()) {
    const url = new URL(address);
    const state = make('span', { className: 'state', role: 'status' }, withVersion(address, shown.get(address) ?? 'Looking …'));
    const open = make('button', { type: 'button', className: 'name' }, make('span', {}, url.host), state);
    const drop = make('button', { type: 'button', className: 'drop', 'aria-label': `Forget ${url.host}`, title: 'Forget' }, '×');
    const item = make('li', {}, open, drop);
    open.disabled = shown.has(address);
    open.addEventListener('click', () => onOpen(address));
    drop.addEventListener('click', () => {
      forget(address);
      item.remove();
    });
    if (!shown.has(address)) {
      void presenceOf(url).then((now) => {
        state.textContent = withVersion(address, now);
      });
    }
    list.append(item);
  }
  return list;
}

// SPDX-License-Identifier: MIT

import { answersHttp } from './address.ts';
import { make } from './dom.ts';
import { keep, kept } from './memory.ts';
import { SUBPROTOCOL } from './protocol/second.ts';

/** Boards that somebody has opened on this page, and how they are now. */

const KNOWN = 'webrepl.known';

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
  keep(KNOWN, knownBoards().filter((other) => other !== address));
}

/** What a board would say to this page; no password is needed for that. */
export async function stateOf(url: URL): Promise<string> {
  if (await opens(url)) {
    return 'Online';
  }
  return (await answersHttp(url)) ? 'Online, does not let this page in' : 'No answer';
}

function opens(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, [SUBPROTOCOL]);
    socket.onopen = () => {
      resolve(true);
      socket.close(1000);
    };
    socket.onclose = () => resolve(false);
  });
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
    const state = make('span', { className: 'state', role: 'status' }, shown.get(address) ?? 'Looking …');
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
      void stateOf(url).then((now) => {
        state.textContent = now;
      });
    }
    list.append(item);
  }
  return list;
}

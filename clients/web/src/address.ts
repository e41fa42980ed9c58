// SPDX-License-Identifier: MIT

/** The parts of `window.location` that decide which board a page connects to. */
export type PageLocation = Pick<Location, 'protocol' | 'host' | 'pathname' | 'search' | 'hash'>;

/**
 * Finds the board's WebSocket address: `?url=ws://host/path`, else `#host:port`, else the page's own address.
 *
 * @throws Error with a sentence for the user when there is no usable address.
 */
export function boardUrl(page: PageLocation): URL {
  const scheme = page.protocol === 'https:' ? 'wss' : 'ws';
  const asked = new URLSearchParams(page.search).get('url') ?? page.hash.slice(1);
  if (asked !== '') {
    return parse(asked.includes('://') ? asked : `${scheme}://${asked}`);
  }
  if (page.host === '') {
    throw new Error('Add the address of a board to this page’s own: #192.168.4.1:8266');
  }
  return parse(`${scheme}://${page.host}${page.pathname}`);
}

/**
 * The tree of files that the page is to show in place of a terminal: `?tree=/path/`, on the server that it came from.
 *
 * @returns null if it is to show a terminal
 * @throws Error with a sentence for the user
 */
export function treeUrl(page: Pick<Location, 'origin' | 'search'>): URL | null {
  const path = new URLSearchParams(page.search).get('tree');
  if (path === null) {
    return null;
  }
  const tree = new URL(path, page.origin);
  if (tree.origin !== page.origin) {
    throw new Error('Files of another server cannot be shown here');
  }
  return new URL(tree.pathname.replace(/\/?$/, '/'), page.origin);
}

/**
 * Another board's address, as people type it: a host, a host with a path, or a whole URL.
 *
 * @param own supplies the scheme, and the path if only a host was typed
 * @throws Error with a sentence for the user
 */
export function parseAddress(typed: string, own: URL): URL {
  const address = typed.trim();
  const url = parse(address.includes('://') ? address.replace(/^http/, 'ws') : `${own.protocol}//${address}`);
  if (url.pathname === '/' && !address.endsWith('/') && url.port !== '8266') {
    url.pathname = own.pathname;
  }
  return url;
}

/** Whether the page came from the board itself, which then speaks the second edition of the protocol. */
export function isOwn(board: URL): boolean {
  return board.host === location.host && board.pathname === location.pathname;
}

/** Whether anything answers there. The page may not read the answer, and need not. */
export async function answersHttp(board: URL): Promise<boolean> {
  try {
    await fetch(board.href.replace(/^ws/, 'http'), { mode: 'no-cors', method: 'HEAD', cache: 'no-store' });
    return true;
  } catch {
    return false;
  }
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !['ws:', 'wss:'].includes(url.protocol)) {
    throw new Error(`“${address}” is not the address of a board`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error('A board’s address holds no user name or password');
  }
  url.hash = '';
  return url;
}

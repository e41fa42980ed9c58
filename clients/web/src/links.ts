// SPDX-License-Identifier: MIT

import { WebLinksAddon } from '@xterm/addon-web-links';
import type { ILink, Terminal as XTerm } from '@xterm/xterm';

/** Where an error happened, as Python tells it. */
const PLACE = /File "([^"<>]+)", line (\d+)/g;

/** Makes addresses and the places of errors clickable. @param onPlace called with a file's path, and a line from 1 */
export function linkify(xterm: XTerm, onPlace: (path: string, line: number) => void): void {
  xterm.loadAddon(new WebLinksAddon((_event, address) => window.open(address, '_blank', 'noopener,noreferrer')));
  xterm.registerLinkProvider({
    provideLinks(y, callback) {
      const text = xterm.buffer.active.getLine(y - 1)?.translateToString(true) ?? '';
      callback([...text.matchAll(PLACE)].map((match): ILink => ({
        range: { start: { x: match.index + 1, y }, end: { x: match.index + match[0].length, y } },
        text: match[0],
        activate: () => onPlace(match[1]!, Number(match[2])),
      })));
    },
  });
}

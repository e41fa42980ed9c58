// SPDX-License-Identifier: MIT

import type { Terminal as XTerm } from '@xterm/xterm';
import type { Line } from './line.ts';

/** What stands at the cursor of the terminal. */
export interface AtPrompt extends Line {
  /** Lines of the same statement above. */
  readonly above: readonly string[];
}

const FIRST = '>>> ';
const NEXT = '... ';

/** Reads the statement that is being typed; null: the cursor is not at a Python prompt. */
export function atPrompt(xterm: XTerm): AtPrompt | null {
  const { active } = xterm.buffer;
  const cursorRow = active.baseY + active.cursorY;
  const row = (y: number, to?: number) => active.getLine(y)?.translateToString(false, 0, to) ?? '';
  let top = cursorRow;
  while (active.getLine(top)?.isWrapped) {
    top -= 1;
  }
  const before = `${range(top, cursorRow).map((y) => row(y)).join('')}${row(cursorRow, active.cursorX)}`;
  const after = active.getLine(cursorRow)?.translateToString(true, active.cursorX) ?? '';
  if (before.startsWith(FIRST)) {
    return { before: before.slice(FIRST.length), after, above: [] };
  }
  return before.startsWith(NEXT) ? withAbove({ before: before.slice(NEXT.length), after }, linesAbove(xterm, top)) : null;
}

function withAbove(line: Line, above: string[] | null): AtPrompt | null {
  return above === null ? null : { ...line, above };
}

/** The lines from the last first prompt on; null if something else stands between. */
function linesAbove(xterm: XTerm, from: number): string[] | null {
  const { active } = xterm.buffer;
  const lines: string[] = [];
  let rest = '';
  for (let y = from - 1; y >= 0; y--) {
    const row = active.getLine(y)!;
    rest = row.translateToString(true) + rest;
    if (row.isWrapped) {
      continue;
    }
    if (!rest.startsWith(FIRST) && !rest.startsWith(NEXT.trimEnd())) {
      return null;
    }
    lines.unshift(rest.slice(FIRST.length));
    if (rest.startsWith(FIRST)) {
      return lines;
    }
    rest = '';
  }
  return null;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

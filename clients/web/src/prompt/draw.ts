// SPDX-License-Identifier: MIT

import type { Line } from './line.ts';

/** `>>> ` and `... ` */
const PROMPT_CELLS = 4;

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const NARROWEST = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Cells of the terminal that a text takes. */
export function cells(text: string): number {
  return [...text].reduce((sum, character) => sum + (NARROWEST.test(character) ? 0 : WIDE.test(character) ? 2 : 1), 0);
}

/**
 * What a terminal is to be sent so that it shows a line behind its prompt, with the cursor at its place.
 *
 * @param shown what is before the cursor now
 */
export function drawn(columns: number, shown: string, { before, after }: Line): string {
  const row = (offset: number) => Math.floor(offset / columns);
  const end = PROMPT_CELLS + cells(before + after);
  const cursor = PROMPT_CELLS + cells(before);
  // A terminal that has filled a row stays there until the next character.
  const wrap = end % columns === 0 ? ' \r' : '';
  return `${up(row(PROMPT_CELLS + cells(shown)))}\r\x1b[${PROMPT_CELLS}C\x1b[J${before}${after}${wrap}`
    + `${up(row(end) - row(cursor))}\r${right(cursor % columns)}`;
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : '';
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : '';
}

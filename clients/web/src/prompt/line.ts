// SPDX-License-Identifier: MIT

/** A line that is edited here instead of on the board: text, and where its cursor is. */
export interface Line {
  readonly before: string;
  readonly after: string;
}

const BACKSPACE = ['\x7f', '\b'];
const HOME = ['\x1b[H', '\x1bOH', '\x1b[1~', '\x01'];
const END = ['\x1b[F', '\x1bOF', '\x1b[4~', '\x05'];
const LEFT = ['\x1b[D', '\x1bOD', '\x02'];
const RIGHT = ['\x1b[C', '\x1bOC', '\x06'];
const DELETE = '\x1b[3~';

/** Keys as terminals send them: control characters and sequences, each one whole, and characters. */
export function keysIn(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what the keys are made of
  return text.match(/\x1b(?:\[[0-9;]*[A-Za-z~]|O.|.)|\r\n|[\s\S]/gu) ?? [];
}

/** What a key does to a line; null for a key that does not edit. */
export function edited({ before, after }: Line, key: string): Line | null {
  if (BACKSPACE.includes(key)) {
    return { before: withoutLast(before), after };
  }
  if (HOME.includes(key)) {
    return { before: '', after: before + after };
  }
  if (END.includes(key)) {
    return { before: before + after, after: '' };
  }
  if (LEFT.includes(key)) {
    const left = withoutLast(before);
    return { before: left, after: before.slice(left.length) + after };
  }
  if (RIGHT.includes(key)) {
    const first = [...after][0] ?? '';
    return { before: before + first, after: after.slice(first.length) };
  }
  if (key === DELETE) {
    return { before, after: after.slice(([...after][0] ?? '').length) };
  }
  if (key === '\x15') {
    return { before: '', after };
  }
  if (key === '\x0b') {
    return { before, after: '' };
  }
  if (key === '\t') {
    return { before: `${before}    `, after };
  }
  return key >= ' ' ? { before: before + key, after } : null;
}

function withoutLast(text: string): string {
  return [...text].slice(0, -1).join('');
}

const OPENING = '([{';
const CLOSING = ')]}';

/** Whether Python waits for more lines before it runs these. */
export function continues(lines: readonly string[]): boolean {
  const { depth, quote } = scanned(lines.join('\n'));
  const last = lines.at(-1) ?? '';
  if (quote.length === 3 || depth > 0 || /\\$/.test(last)) {
    return true;
  }
  const compound = /^@|:\s*(?:#.*)?$/.test(lines[0] ?? '') || (lines.length > 1 && /^\s/.test(last));
  return compound && !(lines.length > 1 && last.trim() === '');
}

/** Open brackets at the end of the text, and the quotes of a string that has not ended there. */
function scanned(text: string): { depth: number; quote: string } {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== '') {
      if (character === '\\') {
        at += 1;
      } else if (text.startsWith(quote, at)) {
        at += quote.length - 1;
        quote = '';
      }
    } else if (character === '#') {
      at = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    } else if (character === '"' || character === "'") {
      quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
      at += quote.length - 1;
    } else {
      depth += Number(OPENING.includes(character)) - Number(CLOSING.includes(character));
    }
  }
  return { depth, quote };
}

/** The indentation with which a new line begins, as MicroPython's own editor does it. */
export function indentAfter(line: string): string {
  const indent = /^ */.exec(line)![0];
  return /:\s*(?:#.*)?$/.test(line) ? `${indent}    ` : line.trim() === '' ? '' : indent;
}

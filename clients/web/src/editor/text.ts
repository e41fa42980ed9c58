// SPDX-License-Identifier: MIT

/** Longer files are slow to edit; they can still be downloaded. */
export const EDITABLE_BYTES = 256 * 1024;

/** The text of a file, or null if an editor could not return it unchanged. */
export function asText(data: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    return text.includes('\0') || /\r(?!\n)/.test(text) || (text.includes('\r') && /[^\r]\n/.test(text)) ? null : text;
  } catch {
    return null;
  }
}

export type LineEnd = '\n' | '\r\n';

/** Editors know one line end. */
export function unified(text: string): { text: string; lineEnd: LineEnd } {
  return { text: text.replaceAll('\r\n', '\n'), lineEnd: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** The bytes of an edited text, with the line ends that its file had. */
export function asBytes(text: string, lineEnd: LineEnd): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(lineEnd === '\n' ? text : text.replaceAll('\n', lineEnd));
}

/** The one stretch in which two texts differ: replace `from` to `to` of the old one by `insert`. */
export function difference(old: string, now: string): { from: number; to: number; insert: string } {
  const most = Math.min(old.length, now.length);
  let from = 0;
  while (from < most && old[from] === now[from]) {
    from += 1;
  }
  let same = 0;
  while (same < most - from && old[old.length - 1 - same] === now[now.length - 1 - same]) {
    same += 1;
  }
  return { from, to: old.length - same, insert: now.slice(from, now.length - same) };
}

/** Takes away the indentation that all lines share, so that some lines of a function run by themselves. */
export function dedented(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)![0]);
  const shared = indents.reduce((least, indent) => (indent.length < least.length ? indent : least), indents[0] ?? '');
  return lines.map((line) => (line.startsWith(shared) ? line.slice(shared.length) : line.trimStart())).join('\n');
}

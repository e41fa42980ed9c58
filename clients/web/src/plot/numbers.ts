// SPDX-License-Identifier: MIT

/** A value of a line of output, and the name of the curve that it belongs to. */
export interface Sample {
  readonly name: string;
  readonly value: number;
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const LINE = new RegExp(String.raw`^[\s([{]*(?:[\w'"° %./-]*[:=]\s*)?${NUMBER}(?:[\s,;)]+(?:[\w'"° %./-]*[:=]\s*)?${NUMBER})*[\s)\]},;]*$`);
const VALUE = new RegExp(String.raw`(?:['"]?([A-Za-z_][\w° %./-]*?)['"]?\s*[:=]\s*)?(${NUMBER})`, 'g');

/** The numbers of a line that holds nothing but numbers, with or without names: `1 2`, `(1, 2)`, `t=21.5, h=40`. */
export function samplesIn(line: string): Sample[] {
  if (!LINE.test(line)) {
    return [];
  }
  return [...line.matchAll(VALUE)].map(([, name, value], index) => ({ name: name?.trim() ?? String(index + 1), value: Number(value) }));
}

/** Cuts output into lines; the last piece waits for its end. */
export class Lines {
  #rest = '';

  take(text: string): string[] {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop()!.slice(-200);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours that programs print
    return lines.map((line) => line.replace(/\x1b\[[0-9;]*[A-Za-z]/g, ''));
  }
}

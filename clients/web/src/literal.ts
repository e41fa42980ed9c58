// SPDX-License-Identifier: MIT

/** A Python string in ASCII, which MicroPython's line editor takes as it is. */
export function literal(text: string): string {
  const inside = [...text].map((character) => {
    const code = character.codePointAt(0)!;
    if (character === '\\' || character === "'") {
      return `\\${character}`;
    }
    if (code >= 0x20 && code < 0x7f) {
      return character;
    }
    const digits = code.toString(16);
    return code < 0x100 ? `\\x${digits.padStart(2, '0')}`
      : code < 0x10000 ? `\\u${digits.padStart(4, '0')}`
      : `\\U${digits.padStart(8, '0')}`;
  });
  return `'${inside.join('')}'`;
}

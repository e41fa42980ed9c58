// SPDX-License-Identifier: MIT

/**
 * ZIP archives without compression (APPNOTE.TXT sections 4.3.6 to 4.3.16), for folders that leave the page as one file.
 *
 * Sizes and offsets stay below 4 GiB, which no board reaches: the 64-bit extension is not needed.
 */

import { dateOf } from './board-files.ts';

export interface ZipEntry {
  /** Relative, with slashes; a folder ends with one. */
  readonly path: string;
  readonly data: Uint8Array;
  /** Seconds since 1970; 0: not known, so the archive says when it was packed. */
  readonly modified: number;
}

const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
const VERSION = 20;
const NAMES_ARE_UTF8 = 0x0800;

export function zip(entries: readonly ZipEntry[], now = new Date()): Blob {
  const body: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let directorySize = 0;
  for (const { path, data, modified } of entries) {
    const name = new TextEncoder().encode(path);
    const at = dateOf(modified) ?? now;
    const common = [[2, NAMES_ARE_UTF8], [2, 0], [2, timeField(at)], [2, dateField(at)], [4, crc32(data)], [4, data.length], [4, data.length],
      [2, name.length], [2, 0]] as const;
    const local = record([4, LOCAL], [2, VERSION], ...common);
    const central = record([4, CENTRAL], [2, VERSION], [2, VERSION], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    body.push(local, name, data as Uint8Array<ArrayBuffer>);
    directory.push(central, name);
    offset += local.length + name.length + data.length;
    directorySize += central.length + name.length;
  }
  const end = record([4, END], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, directorySize], [4, offset], [2, 0]);
  return new Blob([...body, ...directory, end], { type: 'application/zip' });
}

/** Of local time, in steps of two seconds. */
function timeField(at: Date): number {
  return (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
}

function dateField(at: Date): number {
  return ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
}

function record(...fields: (readonly [size: 2 | 4, value: number])[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) {
      view.setUint16(at, value, true);
    } else {
      view.setUint32(at, value, true);
    }
    at += size;
  }
  return bytes;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) {
    n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  }
  return n;
});

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

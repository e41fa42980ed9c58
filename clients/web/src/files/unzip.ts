// SPDX-License-Identifier: MIT

import type { Incoming } from './drop.ts';
import { CENTRAL, END } from './zip.ts';

/** Reads ZIP archives (APPNOTE.TXT sections 4.3.7 to 4.3.16); browsers bring the decompression. */

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/** The files and folders of an archive; rejects with a sentence for what is none, or a kind that is not known. */
export async function unzip(archive: Blob): Promise<Incoming[]> {
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const end = endOf(view);
  const found: Incoming[] = [];
  for (let at = view.getUint32(end + 16, true), left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== CENTRAL) {
      throw new Error('This archive is damaged');
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [number, number, number];
    const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (isSafe(path)) {
      found.push(path.endsWith('/') ? { path: path.slice(0, -1), file: null } : { path, file: await fileAt(bytes, view, at, path) });
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  return withFolders(found);
}

function endOf(view: DataView): number {
  for (let at = view.byteLength - END_BYTES; at >= Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END) {
      return at;
    }
  }
  throw new Error('This is no ZIP archive');
}

/** Names that lead out of the folder are left out. */
function isSafe(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
}

async function fileAt(bytes: Uint8Array<ArrayBuffer>, view: DataView, at: number, path: string): Promise<File> {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const size = view.getUint32(at + 20, true);
  const local = view.getUint32(at + 42, true);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const data = new Blob([bytes.subarray(start, start + size)]);
  if ((flags & ENCRYPTED) !== 0 || (method !== STORED && method !== DEFLATED)) {
    throw new Error(`${path} is packed in a way that browsers do not know`);
  }
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (method === STORED) {
    return new File([data], name);
  }
  const plain = data.stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new File([await new Response(plain).blob()], name);
}

/** Archives need not name the folders that their files are in. */
function withFolders(entries: readonly Incoming[]): Incoming[] {
  const folders = new Set(entries.filter(({ file }) => file === null).map(({ path }) => path));
  for (const { path } of entries) {
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      folders.add(path.slice(0, slash));
    }
  }
  const sorted = [...folders].sort().map((path) => ({ path, file: null }));
  return [...sorted, ...entries.filter(({ file }) => file !== null)];
}

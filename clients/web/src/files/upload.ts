// SPDX-License-Identifier: MIT

import { choose, confirmed } from '../dom.ts';
import { BoardError, Code } from '../protocol/codes.ts';
import { type BoardFiles, type Entry, join } from './board-files.ts';
import type { Incoming } from './drop.ts';
import { existing } from './existing.ts';
import type { Transfers } from './transfers.ts';
import { unzip } from './unzip.ts';

/** What an upload needs of the panel. */
export interface Target {
  readonly files: BoardFiles;
  readonly transfers: Transfers;
}

/** Puts files and folders into a directory of the board. @returns when all transfers are over */
export async function upload(incoming: readonly Incoming[], directory: string, target: Target): Promise<void> {
  const wanted = await unpacked(incoming);
  if (wanted === null) {
    return;
  }
  const { files, transfers } = target;
  const paths = wanted.filter(({ file }) => file !== null).map(({ path }) => join(directory, path));
  if (!(await mayReplace(paths, files))) {
    return;
  }
  for (const { path } of wanted.filter(({ file }) => file === null)) {
    await makeFolder(files, join(directory, path));
  }
  await Promise.all(wanted.map(({ path, file }) => file === null ? undefined
    : transfers.add(path, file.size, (transfer) => files.put(join(directory, path), file, transfer))));
}

/** Asks people if any file is there already. Directories are never replaced. */
export async function mayReplace(paths: readonly string[], files: BoardFiles): Promise<boolean> {
  const known = await existing(files, paths);
  const folder = [...known].find(([, { directory }]: [string, Entry]) => directory);
  if (folder !== undefined) {
    throw new Error(`${folder[0]} is a folder on the board`);
  }
  return known.size === 0 || confirmed('Replace files?', `${names([...known.keys()])} will be replaced.`, 'Replace');
}

export function names(all: readonly string[]): string {
  return all.length <= 3 ? all.join(', ') : `${all.slice(0, 2).join(', ')} and ${all.length - 2} others`;
}

/** A single archive may be meant as what is in it; null: neither. */
async function unpacked(incoming: readonly Incoming[]): Promise<readonly Incoming[] | null> {
  const [only] = incoming;
  if (incoming.length !== 1 || !only?.file?.name.toLowerCase().endsWith('.zip')) {
    return incoming;
  }
  const message = 'Its files and folders can be put on the board, or the archive as it is.';
  switch (await choose(`Unpack ${only.file.name}?`, message, ['As it is', 'Unpack'])) {
    case 'Unpack': return unzip(only.file);
    case 'As it is': return incoming;
    default: return null;
  }
}

async function makeFolder(files: BoardFiles, path: string): Promise<void> {
  try {
    await files.mkdir(path);
  } catch (error) {
    if (!(error instanceof BoardError) || error.code !== Code.EEXIST) {
      throw error;
    }
  }
}

// SPDX-License-Identifier: MIT

import { BoardError, Code } from '../protocol/codes.ts';
import { type BoardFiles, type Entry, nameOf, parentOf } from './board-files.ts';

/** What is on the board under these paths. The board is asked, because the tree may be closed there, or old. */
export async function existing(files: BoardFiles, paths: readonly string[]): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>();
  await Promise.all([...byDirectory(paths)].map(async ([directory, inside]) => {
    const entries = new Map((await listed(files, directory || files.root)).map((entry) => [entry.name, entry]));
    for (const path of inside) {
      const entry = entries.get(nameOf(path));
      if (entry !== undefined) {
        found.set(path, entry);
      }
    }
  }));
  return found;
}

function byDirectory(paths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const directory = parentOf(path);
    groups.get(directory)?.push(path) ?? groups.set(directory, [path]);
  }
  return groups;
}

async function listed(files: BoardFiles, directory: string): Promise<Entry[]> {
  try {
    return await files.list(directory);
  } catch (error) {
    if (error instanceof BoardError && (error.code === Code.ENOENT || error.code === Code.ENOTDIR)) {
      return [];
    }
    throw error;
  }
}

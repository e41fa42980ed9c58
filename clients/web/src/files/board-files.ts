// SPDX-License-Identifier: MIT

/** An entry of a directory. */
export interface Entry {
  readonly name: string;
  readonly directory: boolean;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Seconds since 1970; 0: not known. */
  readonly modified: number;
}

export interface Transfer {
  /** Bytes so far. */
  onProgress?(bytes: number): void;
  signal?: AbortSignal;
}

/** Files of a board, as the panel needs them. Every method rejects with an Error whose message is a sentence for
 * people. */
export interface BoardFiles {
  /** The directory that relative paths begin in. */
  readonly root: string;
  /** Whether anything may be changed. */
  readonly writable: boolean;
  list(path: string): Promise<Entry[]>;
  get(path: string, transfer?: Transfer): Promise<Uint8Array>;
  /** Replaces the old file once the whole new one has arrived. */
  put(path: string, data: Blob, transfer?: Transfer): Promise<void>;
  /** SHA-256 of a file. */
  digest(path: string): Promise<Uint8Array>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  space(path: string): Promise<{ total: number; free: number }>;
}

export function join(directory: string, name: string): string {
  return directory.endsWith('/') || directory === '' ? directory + name : `${directory}/${name}`;
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.startsWith('/') ? 1 : 0));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Sizes as people read them. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1024;
    unit += 1;
  }
  return `${unit === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}

/** When a file was written; null for a board that did not know. */
export function dateOf(seconds: number): Date | null {
  // A board without a clock begins at 1970 or 2000.
  return seconds < Date.UTC(2001, 0) / 1000 ? null : new Date(seconds * 1000);
}

/** When a file was written, as people read it; '' for a board that did not know. */
export function dateText(seconds: number, now = new Date()): string {
  const date = dateOf(seconds);
  if (date === null) {
    return '';
  }
  if (date.toDateString() === now.toDateString()) {
    return date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  }
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return date.toLocaleDateString([], { day: 'numeric', month: 'short', ...year });
}

/** All files and directories below a directory, each directory before its contents; paths are relative to it. */
export async function walk(files: BoardFiles, directory: string): Promise<{ path: string; entry: Entry }[]> {
  const found: { path: string; entry: Entry }[] = [];
  const visit = async (path: string, relative: string): Promise<void> => {
    for (const entry of await files.list(path)) {
      const below = join(relative, entry.name);
      found.push({ path: below, entry });
      if (entry.directory) {
        await visit(join(path, entry.name), below);
      }
    }
  };
  await visit(directory, '');
  return found;
}

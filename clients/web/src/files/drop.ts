// SPDX-License-Identifier: MIT

/** A file or folder that people have dropped or chosen. */
export interface Incoming {
  /** Relative to the dropped folder, with slashes. */
  readonly path: string;
  /** null for a folder. */
  readonly file: File | null;
}

/** The files of a drop, and its folders with everything in them. Must be called before the event is over. */
export async function fromDrop(transfer: DataTransfer): Promise<Incoming[]> {
  // What does not come from a file system, such as a picture of another page, is a file without an entry.
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: Incoming[] = [];
  for (const { entry, file } of items) {
    if (entry !== null) {
      await visit(entry, found);
    } else if (file !== null) {
      found.push({ path: file.name, file });
    }
  }
  return found;
}

/** The files of a file chooser. One for folders also names each file's path. */
export function fromChooser(files: FileList): Incoming[] {
  const found: Incoming[] = [];
  const folders = new Set<string>();
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, i) => {
      const folder = parts.slice(0, i + 1).join('/');
      if (!folders.has(folder)) {
        folders.add(folder);
        found.push({ path: folder, file: null });
      }
    });
    found.push({ path, file });
  }
  return found;
}

async function visit(entry: FileSystemEntry, found: Incoming[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path, file });
    return;
  }
  found.push({ path, file: null });
  for (const child of await children(entry as FileSystemDirectoryEntry)) {
    await visit(child, found);
  }
}

/** The reader returns its entries in batches; an empty batch is the end. */
async function children(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) {
      return all;
    }
    all.push(...batch);
  }
}

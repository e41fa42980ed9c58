// SPDX-License-Identifier: MIT

import { BoardError, Code } from '../protocol/codes.ts';
import { Sha256 } from '../protocol/sha256.ts';
import type { BoardFiles, Entry, Transfer } from './board-files.ts';

/** A listing, as uhttpd writes it. */
interface Listing {
  readonly list: readonly { readonly path: string; readonly type: 'file' | 'directory'; readonly size: number }[];
}

/** What a board may say of its storage at `/api/info`. */
interface Info {
  readonly files?: { readonly size_kb: number | null; readonly free_kb: number | null };
}

/** Statuses that other parts of the page tell from each other. */
const CODES: Record<number, number> = { 403: Code.EACCES, 404: Code.ENOENT };

/** A tree of files that a server offers by GET, PUT, MOVE and DELETE. */
export class HttpFiles implements BoardFiles {
  readonly root = '.';
  readonly writable: boolean;
  readonly #base: URL;

  private constructor(base: URL, writable: boolean) {
    this.#base = base;
    this.writable = writable;
  }

  /** @param base URL of the tree; rejects if nobody answers there, or if it is no tree */
  static async open(base: URL): Promise<HttpFiles> {
    const answer = await asked('OPTIONS', base, '');
    return new HttpFiles(base, /\bPUT\b/.test(answer.headers.get('Allow') ?? ''));
  }

  async list(path: string): Promise<Entry[]> {
    const answer = await asked('GET', this.#directory(path), path);
    const { list } = (await answer.json()) as Listing;
    return list.filter(({ path: name }) => name !== '..')
      .map(({ path: name, type, size }) => ({ name, directory: type === 'directory', size, modified: 0 }));
  }

  /** A range keeps browsers from asking for `name.gz` in place of the file. */
  async get(path: string, { onProgress, signal }: Transfer = {}): Promise<Uint8Array> {
    const answer = await asked('GET', this.#file(path), path, {
      headers: { Range: 'bytes=0-' }, cache: 'no-store', ...(signal && { signal }),
    }, [416]);
    return answer.status === 416 ? new Uint8Array() : contents(answer, onProgress);
  }

  /** By XMLHttpRequest, because fetch() does not tell how much has been sent. */
  put(path: string, data: Blob, { onProgress, signal }: Transfer = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const request = new XMLHttpRequest();
      request.open('PUT', this.#file(path));
      request.upload.onprogress = ({ loaded }) => onProgress?.(loaded);
      request.onload = () => (request.status < 300 ? resolve() : reject(refusal(path, request.status, request.responseText)));
      request.onerror = () => reject(silence());
      request.onabort = () => reject(new BoardError(Code.ECANCELED, path));
      signal?.addEventListener('abort', () => request.abort());
      request.send(data);
    });
  }

  async digest(path: string): Promise<Uint8Array> {
    const hash = new Sha256();
    hash.update(await this.get(path));
    return hash.digest();
  }

  async remove(path: string): Promise<void> {
    await asked('DELETE', this.#file(path), path);
  }

  async rename(from: string, to: string): Promise<void> {
    await asked('MOVE', this.#file(from), from, { headers: { Destination: this.#file(to).pathname } });
  }

  async mkdir(path: string): Promise<void> {
    const answer = await asked('PUT', this.#directory(path), path);
    if (answer.status !== 201) {
      throw new BoardError(Code.EEXIST, path);
    }
  }

  async rmdir(path: string): Promise<void> {
    await asked('DELETE', this.#directory(path), path);
  }

  async space(): Promise<{ total: number; free: number }> {
    const answer = await asked('GET', new URL('/api/info', this.#base), '', { cache: 'no-store' });
    const { size_kb: total, free_kb: free } = ((await answer.json()) as Info).files ?? {};
    if (typeof total !== 'number' || typeof free !== 'number') {
      throw new BoardError(Code.EOPNOTSUPP);
    }
    return { total: total * 1024, free: free * 1024 };
  }

  #file(path: string): URL {
    const relative = path === '.' ? '' : path.split('/').map(encodeURIComponent).join('/');
    return new URL(this.#base.href + relative);
  }

  #directory(path: string): URL {
    const url = this.#file(path);
    url.pathname += url.pathname.endsWith('/') ? '' : '/';
    return url;
  }
}

/** @param allowed statuses of failures that the caller understands */
async function asked(method: string, url: URL, path: string, options: RequestInit = {}, allowed: readonly number[] = []): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { method, ...options });
  } catch (error) {
    throw options.signal?.aborted ? error : silence();
  }
  if (!answer.ok && !allowed.includes(answer.status)) {
    throw refusal(path, answer.status, await answer.text());
  }
  return answer;
}

/** Without the status line that servers put before their words. */
function refusal(path: string, status: number, words: string): Error {
  const code = CODES[status];
  if (code !== undefined) {
    return new BoardError(code, path);
  }
  const sentence = words.trim().replace(/^\d{3} [A-Z][\w' -]*(: )?/, '') || `the board answers with status ${status}`;
  return new Error(path === '' ? sentence : `${path}: ${sentence}`);
}

function silence(): Error {
  return new Error('The board does not answer');
}

async function contents(answer: Response, onProgress: Transfer['onProgress']): Promise<Uint8Array> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = answer.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return new Uint8Array(await new Blob(pieces).arrayBuffer());
    }
    pieces.push(value);
    bytes += value.length;
    onProgress?.(bytes);
  }
}

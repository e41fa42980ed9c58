// SPDX-License-Identifier: MIT

import type { BoardFiles, Entry, Transfer } from '../files/board-files.ts';
import { BoardError, Code } from './codes.ts';
import { type Conversation, WINDOW_BYTES } from './conversation.ts';
import { ALL, type FileRecord, message, readNumbers, readRecords } from './messages.ts';
import { same } from './proof.ts';
import { Sha256 } from './sha256.ts';
import { Type } from './types.ts';

const DIGEST = 1;
const RESUME = 2;

/** Bytes that may wait in the browser's own buffer, because the terminal's messages queue behind them. */
const HIGH_WATER_BYTES = 32 * 1024;
const POLL_MS = 10;

/** A shorter interrupted put is not worth the board's memory. */
const RESUMABLE_BYTES = 64 * 1024;

/** Files of a board that speaks the second edition. Operations beyond the board's limit wait here. */
export class SecondFiles implements BoardFiles {
  readonly root = '.';
  readonly writable = true;
  readonly #conversation: Conversation;
  readonly #waiting: (() => void)[] = [];
  readonly #buffered: () => number;
  #free: number;

  /** @param buffered bytes that the socket has taken but not sent */
  constructor(conversation: Conversation, maxOperations: number, buffered: () => number) {
    this.#conversation = conversation;
    this.#free = maxOperations;
    this.#buffered = buffered;
  }

  async list(path: string): Promise<Entry[]> {
    const entries: FileRecord[] = [];
    await this.#turn(() => this.#conversation.begin((id) => message.list(id, WINDOW_BYTES, path), path, {
      onData: (bytes) => entries.push(...readRecords(bytes)),
    }).result);
    return entries;
  }

  async get(path: string, { onProgress, signal }: Transfer = {}): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const hash = new Sha256();
    let bytes = 0;
    const digest = await this.#turn(() => {
      const { id, result } = this.#conversation.begin((id) => message.get(id, DIGEST, WINDOW_BYTES, 0, ALL, path), path, {
        onData: (data) => {
          pieces.push(data);
          hash.update(data);
          bytes += data.length;
          onProgress?.(bytes);
        },
      });
      return this.#cancellable(id, result, signal);
    });
    if (!same(hash.digest(), digest)) {
      throw new BoardError(Code.EBADMSG, path);
    }
    return joined(pieces, bytes);
  }

  async put(path: string, data: Blob, transfer: Transfer = {}): Promise<void> {
    const digest = await digestOf(data, transfer.signal);
    try {
      await this.#turn(() => this.#putOnce(path, data, digest, transfer));
    } catch (error) {
      // What the board had kept was of another file; it has thrown that away.
      if (!(error instanceof BoardError) || error.code !== Code.EBADMSG) {
        throw error;
      }
      await this.#turn(() => this.#putOnce(path, data, digest, transfer));
    }
  }

  digest(path: string): Promise<Uint8Array> {
    return this.#simple(Type.SHA256, path);
  }

  async remove(path: string): Promise<void> {
    await this.#simple(Type.REMOVE, path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#simple(Type.RENAME, from, to);
  }

  async mkdir(path: string): Promise<void> {
    await this.#simple(Type.MKDIR, path);
  }

  async rmdir(path: string): Promise<void> {
    await this.#simple(Type.RMDIR, path);
  }

  async space(path: string): Promise<{ total: number; free: number }> {
    const [total, free] = readNumbers(await this.#simple(Type.SPACE, path), 8, 8);
    return { total: total!, free: free! };
  }

  #simple(type: number, ...paths: string[]): Promise<Uint8Array> {
    return this.#turn(() => this.#conversation.begin((id) => message.paths(type, id, ...paths), paths[0]).result);
  }

  /** Waits until the board accepts one more operation. */
  async #turn<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#free === 0) {
      await new Promise<void>((go) => this.#waiting.push(go));
    } else {
      this.#free -= 1;
    }
    try {
      return await operation();
    } finally {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        next();
      } else {
        this.#free += 1;
      }
    }
  }

  async #cancellable<T>(id: number, result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const cancel = () => this.#conversation.cancel(id);
    signal?.addEventListener('abort', cancel);
    try {
      return await result;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async #putOnce(path: string, data: Blob, digest: Uint8Array, { onProgress, signal }: Transfer): Promise<void> {
    let at = -1;
    let credit = 0;
    let over = false;
    let wake: () => void = () => {};
    const flags = data.size >= RESUMABLE_BYTES ? DIGEST | RESUME : DIGEST;
    const { id, result } = this.#conversation.begin((id) => message.put(id, flags, data.size, digest, path), path, {
      onOpened: (value) => {
        [at, credit] = readNumbers(value, 8, 4) as [number, number];
        wake();
      },
      onCredit: (more) => {
        credit += more;
        wake();
      },
    });
    const sending = async () => {
      while (!over && at < data.size) {
        if (at < 0 || credit === 0) {
          await new Promise<void>((resume) => {
            wake = resume;
          });
        } else if (this.#buffered() >= HIGH_WATER_BYTES) {
          await new Promise((resume) => setTimeout(resume, POLL_MS));
        } else {
          const size = Math.min(credit, this.#conversation.pieceBytes, data.size - at);
          const piece = new Uint8Array(await data.slice(at, at + size).arrayBuffer());
          if (!over) {
            this.#conversation.sendData(id, piece);
            at += size;
            credit -= size;
            onProgress?.(at);
          }
        }
      }
    };
    const ended = this.#cancellable(id, result, signal).finally(() => {
      over = true;
      wake();
    });
    // A local file that cannot be read ends the operation on the board, too.
    const sent = sending().catch((error: Error) => {
      this.#conversation.cancel(id);
      throw error;
    });
    const outcome = await Promise.allSettled([sent, ended]);
    const failed = outcome.find((part) => part.status === 'rejected');
    if (failed !== undefined) {
      throw failed.reason;
    }
  }
}

async function digestOf(data: Blob, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const hash = new Sha256();
  const STEP = 1024 * 1024;
  for (let at = 0; at < data.size; at += STEP) {
    signal?.throwIfAborted();
    hash.update(new Uint8Array(await data.slice(at, at + STEP).arrayBuffer()));
  }
  return hash.digest();
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

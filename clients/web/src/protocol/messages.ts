// SPDX-License-Identifier: MIT

import { Type } from './types.ts';

/**
 * Messages of the second edition as bytes, and back (docs/webrepl-protocol.md). Nothing here sends anything.
 *
 * Reading throws a RangeError for a message that is shorter than its type says.
 */

export const HEAD_BYTES = 4;
export const NONCE_BYTES = 16;
export const PROOF_BYTES = 32;
/** The length of a GET for the whole file. */
export const ALL = 0xffff_ffff_ffff_ffffn;

export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly body: Uint8Array;
}

export interface Hello {
  readonly minor: number;
  readonly asksPassword: boolean;
  readonly maxOperations: number;
  readonly maxMessage: number;
  readonly maxPath: number;
  readonly files: boolean;
  readonly softReset: boolean;
  readonly hardReset: boolean;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
}

/** Who holds the terminal. */
export interface Holder {
  readonly held: boolean;
  readonly silent: boolean;
  readonly watchers: number;
  readonly seconds: number;
  readonly address: string;
}

export interface FileRecord {
  readonly name: string;
  readonly directory: boolean;
  readonly size: number;
  /** Seconds since 1970; 0: not known. */
  readonly modified: number;
}

type Field = readonly [bytes: 1 | 2 | 4 | 8, value: number | bigint] | Uint8Array;

export function encode(type: number, id: number, flags: number, ...fields: Field[]): Uint8Array<ArrayBuffer> {
  const parts: Field[] = [[1, type], [1, flags], [2, id], ...fields];
  const message = new Uint8Array(parts.reduce((sum, part) => sum + sizeOf(part), 0));
  const view = new DataView(message.buffer);
  let at = 0;
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      message.set(part, at);
    } else {
      write(view, at, part[0], part[1]);
    }
    at += sizeOf(part);
  }
  return message;
}

function sizeOf(field: Field): number {
  return field instanceof Uint8Array ? field.length : field[0];
}

function write(view: DataView, at: number, bytes: 1 | 2 | 4 | 8, value: number | bigint): void {
  switch (bytes) {
    case 1: view.setUint8(at, Number(value)); break;
    case 2: view.setUint16(at, Number(value), true); break;
    case 4: view.setUint32(at, Number(value), true); break;
    case 8: view.setBigUint64(at, BigInt(value), true); break;
  }
}

export function path(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const field = new Uint8Array(2 + bytes.length);
  new DataView(field.buffer).setUint16(0, bytes.length, true);
  field.set(bytes, 2);
  return field;
}

export const message = {
  login: (id: number, nonce: Uint8Array, proof: Uint8Array) => encode(Type.LOGIN, id, 0, nonce, proof),
  attach: (id: number, flags: number, columns: number, rows: number, credit: number) =>
    encode(Type.ATTACH, id, flags, [2, columns], [2, rows], [4, credit]),
  size: (columns: number, rows: number) => encode(Type.SIZE, 0, 0, [2, columns], [2, rows]),
  interrupt: (id: number, discard: boolean) => encode(Type.INTERRUPT, id, Number(discard)),
  reset: (id: number, hard: boolean) => encode(Type.RESET, id, Number(hard)),
  data: (id: number, bytes: Uint8Array) => encode(Type.DATA, id, 0, bytes),
  credit: (id: number, more: number) => encode(Type.CREDIT, id, 0, [4, more]),
  cancel: (id: number) => encode(Type.CANCEL, id, 0),
  list: (id: number, credit: number, directory: string) => encode(Type.LIST, id, 0, [4, credit], path(directory)),
  get: (id: number, flags: number, credit: number, offset: number | bigint, length: bigint, name: string) =>
    encode(Type.GET, id, flags, [4, credit], [8, offset], [8, length], path(name)),
  put: (id: number, flags: number, size: number | bigint, digest: Uint8Array, name: string) =>
    encode(Type.PUT, id, flags, [8, size], digest, path(name)),
  /** Operations that only have paths, such as STAT and RENAME. */
  paths: (type: number, id: number, ...names: string[]) => encode(type, id, 0, ...names.map(path)),
};

export function decode(bytes: Uint8Array): Message {
  const view = viewOf(bytes);
  return { type: view.getUint8(0), flags: view.getUint8(1), id: view.getUint16(2, true), body: bytes.subarray(HEAD_BYTES) };
}

export function readHello(body: Uint8Array): Hello {
  const view = viewOf(body);
  const features = view.getUint16(10, true);
  return {
    minor: view.getUint8(0),
    asksPassword: view.getUint8(1) !== 0,
    maxOperations: view.getUint16(2, true),
    maxMessage: view.getUint32(4, true),
    maxPath: view.getUint16(8, true),
    files: (features & 1) !== 0,
    softReset: (features & 2) !== 0,
    hardReset: (features & 4) !== 0,
    iterations: view.getUint32(12, true),
    salt: take(body, 20, NONCE_BYTES),
    nonce: take(body, 36, NONCE_BYTES),
  };
}

export function readResult(body: Uint8Array): { code: number; value: Uint8Array } {
  const code = viewOf(body).getUint16(0, true);
  return { code, value: body.subarray(4) };
}

export function readHolder(value: Uint8Array): Holder {
  const view = viewOf(value);
  const state = view.getUint8(0);
  return {
    held: (state & 1) !== 0,
    silent: (state & 2) !== 0,
    watchers: view.getUint8(1),
    seconds: view.getUint32(4, true),
    address: text(take(value, 8, view.getUint16(2, true))),
  };
}

const RECORD_BYTES = 20;

/** The records of a LIST stream; a message contains whole records. */
export function readRecords(bytes: Uint8Array): FileRecord[] {
  const records: FileRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const view = viewOf(bytes.subarray(at));
    const length = view.getUint16(2, true);
    records.push({
      name: text(take(bytes, at + RECORD_BYTES, length)),
      directory: view.getUint8(0) === 2,
      size: Number(view.getBigUint64(4, true)),
      modified: Number(view.getBigInt64(12, true)),
    });
    at += RECORD_BYTES + length;
  }
  return records;
}

export function readNumbers(value: Uint8Array, ...sizes: (4 | 8)[]): number[] {
  const view = viewOf(value);
  let at = 0;
  return sizes.map((size) => {
    const number = size === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
    at += size;
    return number;
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function take(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (at + length > bytes.length) {
    throw new RangeError('The message ends early');
  }
  return bytes.subarray(at, at + length);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

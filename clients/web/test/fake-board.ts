// SPDX-License-Identifier: MIT

import { decode, encode, message, path } from '../src/protocol/messages.ts';
import { deriveKey, proofOf } from '../src/protocol/proof.ts';
import { Sha256 } from '../src/protocol/sha256.ts';
import { Type } from '../src/protocol/types.ts';
import type { FakeSocket } from './fakes.ts';

const SALT = new Uint8Array(16).fill(7);
const NONCE = new Uint8Array(16).fill(9);
const ITERATIONS = 1000;

/** A board of the second edition, as far as these tests go: it answers what the client has sent when it is told to. */
export class FakeBoard {
  readonly socket: FakeSocket;
  readonly files = new Map<string, Uint8Array>();
  readonly kept = new Map<string, Uint8Array>();
  /** Bytes typed so far. */
  typed = '';
  /** Codes that the next operations of a type end with. */
  readonly refusals = new Map<number, number[]>();
  readonly heard: number[] = [];
  /** Operations that are not answered. */
  readonly silent = new Set<number>();
  inputCredit = 8;
  /** 0 bytes of credit for a put until `grant()`. */
  putCredit = 1_000_000;
  holder = '';
  #read = 0;
  #put: { id: number; name: string; size: number; at: number; data: Uint8Array; digest: Uint8Array } | null = null;
  readonly #password: string;

  constructor(socket: FakeSocket, password: string) {
    this.socket = socket;
    this.#password = password;
    socket.open('webrepl.2');
    this.says(encode(Type.HELLO, 0, 0, [1, 0], [1, Number(password !== '')], [2, 2], [4, 1024], [2, 255], [2, 7], [4, ITERATIONS], [4, 0], SALT, NONCE));
  }

  says(bytes: Uint8Array<ArrayBuffer>): void {
    this.socket.says(bytes.buffer);
  }

  result(id: number, code: number, value = new Uint8Array()): void {
    this.says(encode(Type.RESULT, id, 0, [2, code], [2, 0], value));
  }

  /** Answers everything that has been sent, and what that leads to, until nothing more comes. */
  async settle(): Promise<void> {
    for (let idle = 0; idle < 20; idle++) {
      while (this.#read < this.socket.sentBytes.length) {
        idle = 0;
        await this.#answer(this.socket.sentBytes[this.#read++]!);
      }
      await new Promise((resume) => setImmediate(resume));
    }
  }

  async #answer(bytes: Uint8Array): Promise<void> {
    const { type, flags, id, body } = decode(bytes);
    this.heard.push(type);
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    const name = (at: number) => new TextDecoder().decode(body.subarray(at + 2, at + 2 + view.getUint16(at, true)));
    const refusal = this.refusals.get(type)?.shift();
    if (refusal !== undefined) {
      this.result(id, refusal);
      return;
    }
    if (this.silent.has(type)) {
      return;
    }
    switch (type) {
      case Type.LOGIN:
        return this.#login(id, body);
      case Type.ATTACH:
        return this.#attach(id, flags);
      case Type.DATA:
        return id === 0 ? this.#key(body) : this.#store(body);
      case Type.LIST:
        for (const [file, { length }] of this.files) {
          const record = path(file).subarray(2);
          this.says(encode(Type.DATA, id, 0, [1, 1], [1, 0], [2, record.length], [8, length], [8, 0], record));
        }
        return this.result(id, 0, new Uint8Array(4));
      case Type.GET: {
        const data = this.files.get(name(20));
        if (data === undefined) {
          return this.result(id, 2);
        }
        this.says(encode(Type.OPENED, id, 0, [1, 1], [1, 0], [2, 0], [8, data.length], [8, 0]));
        for (let at = 0; at < data.length; at += 1000) {
          this.says(encode(Type.DATA, id, 0, data.subarray(at, at + 1000)));
        }
        return this.result(id, 0, new Sha256().update(data).digest());
      }
      case Type.PUT: {
        const file = name(40);
        const before = this.kept.get(file) ?? new Uint8Array();
        const size = Number(view.getBigUint64(0, true));
        this.#put = { id, name: file, size, at: before.length, data: new Uint8Array(size), digest: body.slice(8, 40) };
        this.#put.data.set(before);
        this.says(encode(Type.OPENED, id, 0, [8, before.length], [4, this.putCredit]));
        return this.#store(new Uint8Array());
      }
      case Type.CANCEL:
        this.#put = null;
        return this.result(id, 125);
      case Type.CREDIT:
      case Type.SIZE:
        return;
      default:
        return this.result(id, 0, new Uint8Array(16));
    }
  }

  async #login(id: number, body: Uint8Array): Promise<void> {
    const [nonce, proof] = [body.subarray(0, 16), body.subarray(16, 48)];
    const key = await deriveKey(this.#password, SALT, ITERATIONS);
    const right = Buffer.compare(proofOf('client', key, NONCE, nonce), proof) === 0;
    if (this.#password === '' || right) {
      this.result(id, 0, Uint8Array.of(...proofOf('server', key, NONCE, nonce), 1, 28, 0, 0));
    } else {
      this.result(id, 13);
    }
  }

  #attach(id: number, flags: number): void {
    if (this.holder !== '' && flags === 0) {
      this.result(id, 16, encode(1, this.holder.length, 0, [4, 75], path(this.holder).subarray(2))); // laid out as a holder record is
      return;
    }
    const credit = new DataView(new ArrayBuffer(4));
    credit.setUint32(0, flags & 1 ? 0 : this.inputCredit, true);
    this.result(id, 0, new Uint8Array(credit.buffer));
  }

  #key(body: Uint8Array): void {
    this.inputCredit -= body.length;
    this.typed += new TextDecoder().decode(body);
  }

  /** The program reads what was typed. */
  takes(bytes: number): void {
    this.inputCredit += bytes;
    this.says(message.credit(0, bytes));
  }

  #store(piece: Uint8Array): void {
    const put = this.#put;
    if (put === null) {
      return;
    }
    put.data.set(piece, put.at);
    put.at += piece.length;
    if (put.at === put.size) {
      this.#put = null;
      this.kept.delete(put.name);
      if (Buffer.compare(new Sha256().update(put.data).digest(), put.digest) !== 0) {
        this.result(put.id, 74);
      } else {
        this.files.set(put.name, put.data);
        this.result(put.id, 0);
      }
    } else if (piece.length > 0) {
      this.says(message.credit(put.id, piece.length));
    }
  }
}

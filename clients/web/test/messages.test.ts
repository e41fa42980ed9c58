// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decode, message, readHello, readHolder, readNumbers, readRecords, readResult } from '../src/protocol/messages.ts';
import { deriveKey, proofOf } from '../src/protocol/proof.ts';
import { Type } from '../src/protocol/types.ts';

/* What both ends of the protocol are held to. */

interface Vector {
  readonly name: string;
  readonly from: 'client' | 'server';
  readonly type: keyof typeof Type;
  readonly id: number;
  // biome-ignore lint/suspicious/noExplicitAny: they differ from message to message
  readonly fields: any;
  readonly hex: string;
}

const vectors = JSON.parse(readFileSync('../../tests/vectors/webrepl2.json', 'utf8'));
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

/** Types that only other clients send. */
const NOT_HERE = ['PING', 'WHO', 'DETACH'];

function encoded({ type, id, fields: f }: Vector): Uint8Array {
  switch (type) {
    case 'LOGIN': return message.login(id, bytes(f.client_nonce), bytes(f.proof));
    case 'ATTACH': return message.attach(id, Number(f.watch) | (Number(f.takeover) << 1), f.columns, f.rows, f.credit);
    case 'SIZE': return message.size(f.columns, f.rows);
    case 'INTERRUPT': return message.interrupt(id, f.discard);
    case 'RESET': return message.reset(id, f.hard);
    case 'DATA': return message.data(id, bytes(f.data));
    case 'CREDIT': return message.credit(id, f.more);
    case 'CANCEL': return message.cancel(id);
    case 'LIST': return message.list(id, f.credit, f.path);
    case 'GET': return message.get(id, Number(f.digest), f.credit, BigInt(f.offset), f.length === 1 ? 1n : 2n ** 64n - 1n, f.path);
    case 'PUT': return message.put(id, Number(f.digest) | (Number(f.resume) << 1), f.size === 5 ? 5 : 2n ** 64n - 1n, bytes(f.sha256), f.path);
    default: return message.paths(Type[type], id, ...[f.path, f.to].filter((name) => name !== undefined));
  }
}

describe('messages of the client', () => {
  for (const vector of vectors.messages.filter(({ from, type }: Vector) => from === 'client' && !NOT_HERE.includes(type))) {
    test(vector.name, () => assert.equal(hex(encoded(vector)), vector.hex));
  }
});

function checked({ type, fields: f }: Vector, body: Uint8Array): void {
  switch (type) {
    case 'HELLO': {
      const hello = readHello(body);
      assert.deepEqual([hello.minor, hello.asksPassword, hello.maxOperations, hello.maxMessage, hello.maxPath],
        [f.minor, f.auth === 1, f.max_operations, f.max_message, f.max_path]);
      assert.deepEqual([hello.files, hello.softReset, hello.hardReset, hello.iterations, hex(hello.salt), hex(hello.nonce)],
        [f.files, f.soft_reset, f.hard_reset, f.iterations, f.salt, f.server_nonce]);
      break;
    }
    case 'RESULT':
      assert.deepEqual([readResult(body).code, hex(readResult(body).value)], [f.code, f.value]);
      break;
    case 'LOST':
      assert.deepEqual(readNumbers(body, 4), [f.count]);
      break;
    case 'CREDIT':
      assert.deepEqual(readNumbers(body, 4), [f.more]);
      break;
    case 'OPENED':
      if (f.file === undefined) {
        assert.deepEqual(readNumbers(body, 8, 4), [f.offset, f.credit]);
      } else {
        assert.deepEqual(readRecords(body), [{ name: '', directory: false, size: f.file.size, modified: f.file.modified }]);
      }
      break;
    default:
      assert.equal(hex(body), f.data);
  }
}

describe('messages of the server', () => {
  for (const vector of vectors.messages.filter(({ from }: Vector) => from === 'server')) {
    test(vector.name, () => {
      const heard = decode(bytes(vector.hex));
      assert.deepEqual([heard.type, heard.id], [Type[vector.type as keyof typeof Type], vector.id]);
      checked(vector, heard.body);
    });
  }
});

test('records of files and of who holds the terminal', () => {
  for (const { record, fields: f, hex: text } of vectors.records) {
    if (record === 'file') {
      const wanted = { name: f.name, directory: f.kind === 'directory', size: f.size, modified: f.modified };
      assert.deepEqual(readRecords(bytes(text)), [wanted]);
    } else if (record === 'holder') {
      const { held, silent, watchers, seconds, address } = readHolder(bytes(text));
      assert.deepEqual([held, silent, watchers, seconds, address], [f.held, f.silent, f.watchers, f.since, f.address]);
    } else {
      assert.deepEqual(readNumbers(bytes(text), 8, 8), [f.total, f.free]);
    }
  }
});

test('proofs of the login', async () => {
  for (const { password, salt, iterations, server_nonce, client_nonce, key, client_proof, server_proof } of vectors.login) {
    const derived = await deriveKey(password, bytes(salt), iterations);
    assert.equal(hex(derived), key);
    assert.equal(hex(proofOf('client', derived, bytes(server_nonce), bytes(client_nonce))), client_proof);
    assert.equal(hex(proofOf('server', derived, bytes(server_nonce), bytes(client_nonce))), server_proof);
  }
});

test('what is cut short is refused, wherever it is cut', () => {
  const whole = bytes(vectors.messages.find(({ name }: Vector) => name === 'hello').hex);
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => readHello(decode(whole.subarray(0, length)).body), RangeError, `${length} bytes`);
  }
});

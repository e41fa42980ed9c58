// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deriveKey } from '../src/protocol/proof.ts';
import { HmacSha256, Sha256 } from '../src/protocol/sha256.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('digests of every length around a block are those of Node', () => {
  for (let size = 0; size < 200; size++) {
    const data = randomBytes(size);
    assert.equal(hex(new Sha256().update(data).digest()), createHash('sha256').update(data).digest('hex'), `${size} bytes`);
  }
});

test('data may come in pieces of any size', () => {
  const data = randomBytes(5000);
  const hash = new Sha256();
  for (let at = 0, piece = 1; at < data.length; at += piece, piece = (piece * 7) % 131) {
    hash.update(data.subarray(at, at + piece));
  }
  assert.equal(hex(hash.digest()), createHash('sha256').update(data).digest('hex'));
});

test('keys shorter and longer than a block give the HMAC of Node', () => {
  for (const size of [0, 1, 63, 64, 65, 200]) {
    const key = randomBytes(size);
    const data = randomBytes(77);
    const wanted = createHmac('sha256', key).update(data).digest('hex');
    assert.equal(hex(new HmacSha256(key).digest(data.subarray(0, 30), data.subarray(30))), wanted, `${size} bytes`);
  }
});

test('keys are derived as Node does', async () => {
  for (const iterations of [1, 2, 4097, 10_000]) {
    const salt = randomBytes(16);
    const wanted = pbkdf2Sync('pässword', salt, iterations, 32, 'sha256');
    assert.equal(hex(await deriveKey('pässword', salt, iterations)), wanted.toString('hex'));
  }
});

// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { HIGH_WATER_BYTES, Outbox, PIECE_UNITS, POLL_MS } from '../src/protocol/outbox.ts';
import { FakeClock, FakeSocket } from './fakes.ts';

const clock = new FakeClock();
beforeEach(() => clock.install());
afterEach(() => clock.restore());

/** Keeps everything sent in its buffer until the test drains it, as a browser does for a slow board. */
class SlowSocket extends FakeSocket {
  override send(data: string): void {
    super.send(data);
    this.bufferedAmount += Buffer.byteLength(data);
  }
}

test('a key goes out at once', () => {
  const socket = new SlowSocket('');
  new Outbox(socket).push('a');
  assert.deepEqual(socket.sent, ['a']);
  assert.equal(clock.pending, 0);
});

test('a long text goes out whole and in order, in pieces of bounded size', () => {
  const socket = new FakeSocket('');
  const text = Array.from({ length: 20_000 }, (_, n) => n).join(',');
  new Outbox(socket).push(text);
  assert.equal(socket.sent.join(''), text);
  assert.ok(socket.sent.every((piece) => piece.length > 0 && piece.length <= PIECE_UNITS));
});

test('no piece ends inside a character', () => {
  for (const lead of ['', 'x']) {
    const socket = new FakeSocket('');
    const text = lead + '🐍'.repeat(3 * PIECE_UNITS);
    new Outbox(socket).push(text);
    assert.equal(socket.sent.join(''), text);
    for (const piece of socket.sent) {
      assert.equal(Buffer.from(piece, 'utf8').toString('utf8'), piece, 'piece holds half a character');
    }
  }
});

test('a half character at the very end is sent rather than kept for ever', () => {
  const socket = new FakeSocket('');
  const text = `${'x'.repeat(PIECE_UNITS - 1)}\ud83d`;
  new Outbox(socket).push(text);
  assert.deepEqual(socket.sent, [text]);
});

test('a slow board is waited for', () => {
  const socket = new SlowSocket('');
  const text = 'x'.repeat(10 * HIGH_WATER_BYTES);
  new Outbox(socket).push(text);

  let rounds = 0;
  while (clock.pending > 0) {
    assert.ok(socket.bufferedAmount <= HIGH_WATER_BYTES + 3 * PIECE_UNITS);
    const before = socket.sent.length;
    clock.advance(POLL_MS);
    assert.equal(socket.sent.length, before, 'sent although the buffer is full');
    socket.bufferedAmount = 0;
    clock.advance(POLL_MS);
    rounds += 1;
  }
  assert.ok(rounds >= 9);
  assert.equal(socket.sent.join(''), text);
});

test('keys typed during a paste come after it', () => {
  const socket = new SlowSocket('');
  const outbox = new Outbox(socket);
  const text = 'x'.repeat(2 * HIGH_WATER_BYTES);
  outbox.push(text);
  outbox.push('y');
  while (clock.pending > 0) {
    socket.bufferedAmount = 0;
    clock.advance(POLL_MS);
  }
  assert.equal(socket.sent.join(''), `${text}y`);
});

test('what waits can be dropped', () => {
  const socket = new SlowSocket('');
  const outbox = new Outbox(socket);
  outbox.push('x'.repeat(10 * HIGH_WATER_BYTES));
  outbox.clear();
  socket.bufferedAmount = 0;
  clock.advance(1000);
  outbox.push('y');
  assert.equal(socket.sent.join('').length, HIGH_WATER_BYTES + 1);
  assert.equal(socket.sent.at(-1), 'y');
});

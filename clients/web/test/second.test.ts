// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { encode, message } from '../src/protocol/messages.ts';
import { PATIENCE_MS, QUIET_MS } from '../src/protocol/pulse.ts';
import { SecondFiles } from '../src/protocol/second-files.ts';
import { Type } from '../src/protocol/types.ts';
import { FakeBoard } from './fake-board.ts';
import { Bench, FakeClock } from './fakes.ts';

const randomBytes = (size: number) => new Uint8Array(crypto.randomBytes(size));

/** A session with a board of the second edition, not logged in. */
function meet(password = 'secret'): { bench: Bench; board: FakeBoard } {
  const bench = new Bench();
  bench.session.connect();
  return { bench, board: new FakeBoard(bench.socket, password) };
}

async function loggedIn(): Promise<{ bench: Bench; board: FakeBoard }> {
  const { bench, board } = meet();
  bench.session.login('secret');
  await board.settle();
  assert.equal(bench.session.status.state, 'connected');
  return { bench, board };
}

/** Lets a board answer until an operation is over. */
async function done<T>(board: FakeBoard, operation: Promise<T>): Promise<T> {
  operation.catch(() => {});
  await board.settle();
  return operation;
}

describe('a board that is silent', () => {
  const clock = new FakeClock();
  beforeEach(() => clock.install());
  afterEach(() => clock.restore());

  async function quiet(): Promise<{ bench: Bench; board: FakeBoard }> {
    const { bench, board } = meet('');
    await board.settle();
    clock.advance(QUIET_MS);
    assert.equal(board.socket.sentBytes.at(-1)![0], Type.PING);
    return { bench, board };
  }

  test('stays connected if it answers', async () => {
    const { bench, board } = await quiet();
    board.result(3, 0);
    clock.advance(QUIET_MS);
    board.says(encode(Type.DATA, 0, 0, new TextEncoder().encode('output')));
    clock.advance(PATIENCE_MS / 2);
    bench.isIn({ state: 'connected' });
    bench.session.disconnect();
    assert.equal(clock.pending, 0);
  });

  test('is given up if it does not, and is tried again', async () => {
    const { bench, board } = await quiet();
    const saving = bench.session.files!.put('main.py', new Blob(['text']));
    saving.catch(() => {});
    clock.advance(PATIENCE_MS);
    bench.isIn({ state: 'closed', cause: 'lost', reason: 'The board no longer answers.', retryAfter: 1000 });
    await assert.rejects(saving, /the connection has ended/);
    assert.equal(board.socket.closedWith, 1000);
    bench.session.disconnect();
  });
});

describe('login', () => {
  test('the password is asked for, and never sent', async () => {
    const { bench, board } = meet();
    assert.equal(bench.session.status.state, 'password');
    bench.session.login('secret');
    await board.settle();
    bench.isIn({ state: 'connected', edition: 2, watching: false });
    const sent = bench.socket.sentBytes.map((bytes) => Buffer.from(bytes).toString('latin1')).join('');
    assert.ok(!sent.includes('secret'));
    bench.session.disconnect();
  });

  test('a wrong one is denied', async () => {
    const { bench, board } = meet();
    bench.session.login('guess');
    await board.settle();
    assert.equal(bench.session.status.state, 'denied');
  });

  test('a board without a password asks for none', async () => {
    const { bench, board } = meet('');
    await board.settle();
    assert.equal(bench.session.status.state, 'connected');
    assert.ok(!bench.states.includes('password'));
    bench.session.disconnect();
  });

  test('a board that does not know the password is not trusted', async () => {
    const { bench, board } = meet();
    bench.session.login('secret');
    board.silent.add(Type.LOGIN);
    await board.settle();
    board.result(1, 0, new Uint8Array(36));
    await board.settle();
    bench.isIn({ state: 'closed', cause: 'impostor', retryAfter: null });
    assert.equal(bench.socket.closedWith, 1000);
  });

  test('so few iterations that the password could be guessed are refused', () => {
    const bench = new Bench();
    bench.session.connect();
    bench.socket.open('webrepl.2');
    const hello = encode(Type.HELLO, 0, 0, [1, 0], [1, 1], [2, 2], [4, 1024], [2, 255], [2, 7], [4, 1], [4, 0], new Uint8Array(32));
    bench.socket.says(hello.buffer);
    bench.isIn({ state: 'closed', cause: 'impostor' });
  });

  test('nonsense is no WebREPL', () => {
    for (const words of ['Password: ', new ArrayBuffer(2), encode(Type.HELLO, 0, 0).buffer]) {
      const bench = new Bench();
      bench.session.connect();
      bench.socket.open('webrepl.2');
      bench.socket.says(words);
      bench.isIn({ state: 'closed', cause: 'foreign' });
      bench.session.disconnect();
    }
  });
});

describe('terminal', () => {
  test('characters that are cut between messages arrive whole', async () => {
    const { bench, board } = await loggedIn();
    const text = 'größe €';
    bench.text = '';
    for (const byte of new TextEncoder().encode(text)) {
      board.says(message.data(0, Uint8Array.of(byte)));
    }
    assert.equal(bench.text, text);
    bench.session.disconnect();
  });

  test('no more is typed than the program takes', async () => {
    const { bench, board } = await loggedIn();
    bench.session.send('0123456789abcdef');
    await board.settle();
    assert.equal(board.typed, '01234567');
    board.takes(4);
    await board.settle();
    assert.equal(board.typed, '0123456789ab');
    bench.session.disconnect();
  });

  test('an interrupt overtakes what waits, and drops it', async () => {
    const { bench, board } = await loggedIn();
    bench.session.send('0123456789abcdef');
    bench.session.interrupt();
    board.takes(100);
    await board.settle();
    assert.equal(board.typed, '01234567');
    assert.ok(board.heard.includes(Type.INTERRUPT));
    bench.session.disconnect();
  });

  test('output gets new credit as it is taken', async () => {
    const { bench, board } = await loggedIn();
    for (let i = 0; i < 40; i++) {
      board.says(message.data(0, new Uint8Array(1000)));
    }
    await board.settle();
    assert.ok(board.heard.includes(Type.CREDIT));
    bench.session.disconnect();
  });

  test('the size of the terminal is told at once and whenever it changes', async () => {
    const { bench, board } = await loggedIn();
    bench.session.resize(100, 30);
    await board.settle();
    assert.ok(board.heard.includes(Type.SIZE));
    bench.session.disconnect();
  });

  test('a terminal that is held can be watched, or taken over; files are there all the same', async () => {
    const { bench, board } = meet();
    board.holder = '192.168.4.7';
    bench.session.login('secret');
    await board.settle();
    bench.isIn({ state: 'busy', reason: 'In use by 192.168.4.7 for 1 min.' });
    assert.notEqual(bench.session.files, null);
    bench.session.connect('watch');
    await board.settle();
    bench.isIn({ state: 'connected', watching: true });
    assert.equal(bench.session.send('x'), false);
    bench.session.disconnect();

    const other = meet();
    other.board.holder = '192.168.4.7';
    other.bench.session.login('secret');
    await other.board.settle();
    other.bench.session.connect('takeover');
    await other.board.settle();
    other.bench.isIn({ state: 'connected', watching: false });
    other.bench.session.disconnect();
  });
});

describe('files', () => {
  test('are listed, read and written', async () => {
    const { bench, board } = await loggedIn();
    const files = bench.session.files!;
    const data = randomBytes(5000);
    const progress: number[] = [];
    await done(board, files.put('a.bin', new Blob([data]), { onProgress: (bytes) => progress.push(bytes) }));
    assert.deepEqual(board.files.get('a.bin')!, data);
    assert.deepEqual([progress.at(-1), progress.every((bytes, i) => i === 0 || bytes > progress[i - 1]!)], [5000, true]);
    assert.deepEqual(await done(board, files.get('a.bin')), data);
    assert.deepEqual(await done(board, files.list('.')), [{ name: 'a.bin', directory: false, size: 5000, modified: 0 }]);
    bench.session.disconnect();
  });

  test('an empty file is a file', async () => {
    const { bench, board } = await loggedIn();
    await done(board, bench.session.files!.put('empty', new Blob([])));
    assert.equal(board.files.get('empty')!.length, 0);
    assert.equal((await done(board, bench.session.files!.get('empty'))).length, 0);
    bench.session.disconnect();
  });

  test('a put goes on where the last one was cut', async () => {
    const { bench, board } = await loggedIn();
    const data = randomBytes(100_000);
    board.kept.set('big', data.subarray(0, 60_000));
    await done(board, bench.session.files!.put('big', new Blob([data])));
    assert.deepEqual(board.files.get('big')!, data);
    const sent = bench.socket.sentBytes.reduce((sum, { length }) => sum + length, 0);
    assert.ok(sent < 50_000, `${sent} bytes`);
    bench.session.disconnect();
  });

  test('what was kept of another file is sent again', async () => {
    const { bench, board } = await loggedIn();
    const data = randomBytes(100_000);
    board.kept.set('big', randomBytes(60_000));
    await done(board, bench.session.files!.put('big', new Blob([data])));
    assert.deepEqual(board.files.get('big')!, data);
    bench.session.disconnect();
  });

  test('errors are sentences that name the file', async () => {
    const { bench, board } = await loggedIn();
    await assert.rejects(done(board, bench.session.files!.get('nothing')), /^BoardError: nothing: there is no such file/);
    board.refusals.set(Type.PUT, [28]);
    await assert.rejects(done(board, bench.session.files!.put('x', new Blob(['x']))), /x: the storage of the board is full/);
    bench.session.disconnect();
  });

  test('no more operations are begun than the board does at a time', async () => {
    const { bench, board } = await loggedIn();
    board.silent.add(Type.MKDIR);
    const all = ['a', 'b', 'c'].map((name) => bench.session.files!.mkdir(name).catch(() => {}));
    await board.settle();
    assert.equal(board.heard.filter((type) => type === Type.MKDIR).length, 2);
    bench.session.disconnect();
    await Promise.all(all);
  });

  test('all operations of the protocol have a method', async () => {
    const unused = ['STAT'];
    const operations = Object.entries(Type).filter(([, type]) => type >= 0x30 && type <= 0x3f);
    const { bench, board } = await loggedIn();
    for (const [, type] of operations) {
      board.refusals.set(type, [22]);
    }
    const methods = Object.getOwnPropertyNames(SecondFiles.prototype).filter((name) => name !== 'constructor');
    for (const name of methods) {
      const method = Reflect.get(SecondFiles.prototype, name) as (...values: unknown[]) => Promise<unknown>;
      await assert.rejects(done(board, method.call(bench.session.files, 'a', new Blob(['b']))), /not a possible name/);
    }
    const heard = operations.filter(([, type]) => board.heard.includes(type)).map(([name]) => name);
    assert.deepEqual([...heard, ...unused].sort(), operations.map(([name]) => name).sort());
    bench.session.disconnect();
  });

  test('a transfer can be cancelled', async () => {
    const { bench, board } = await loggedIn();
    const abort = new AbortController();
    board.putCredit = 0;
    const put = bench.session.files!.put('x', new Blob(['x']), { signal: abort.signal });
    put.catch(() => {});
    await board.settle();
    abort.abort();
    await assert.rejects(done(board, put), /cancelled/);
    assert.ok(!board.files.has('x'));
    bench.session.disconnect();
  });

  test('the end of the connection ends them', async () => {
    const { bench, board } = await loggedIn();
    board.silent.add(Type.GET);
    const get = bench.session.files!.get('x');
    get.catch(() => {});
    await board.settle();
    bench.socket.closes();
    await assert.rejects(get, /the connection has ended/);
    assert.equal(bench.session.files, null);
    bench.session.disconnect();
  });
});

// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { GREETING_TIMEOUT_MS, RETRY_DELAYS_MS, SOUND_AFTER_MS, WebRepl } from '../src/webrepl.ts';
import { Bench, FakeClock } from './fakes.ts';

const BANNER = '\r\nWebREPL connected\r\n>>> ';

const clock = new FakeClock();
beforeEach(() => clock.install());
afterEach(() => clock.restore());

describe('login', () => {
  test('with the right password', () => {
    const bench = new Bench().loggedIn();
    assert.deepEqual(bench.states, ['connecting', 'password', 'connecting', 'connected']);
    assert.equal(bench.socket.url, 'ws://board/ws');
    assert.deepEqual(bench.socket.sent, ['secret\r']);
    assert.equal(bench.text, 'WebREPL connected\r\n>>> ');
  });

  test('when every message holds one character', () => {
    const bench = new Bench();
    bench.session.connect();
    bench.socket.open();
    bench.socket.says(...'Password: ');
    bench.session.login('secret');
    bench.socket.says(...BANNER, ...'2+2');
    assert.equal(bench.session.status.state, 'connected');
    assert.equal(bench.text, 'WebREPL connected\r\n>>> 2+2');
  });

  test('without password', () => {
    const bench = new Bench();
    bench.session.connect();
    bench.socket.open();
    bench.socket.says(BANNER);
    assert.deepEqual(bench.states, ['connecting', 'connected']);
    assert.deepEqual(bench.socket.sent, []);
  });

  test('denied: no attempt unasked, and the next password goes out on a new connection', () => {
    const bench = new Bench().prompted();
    bench.session.login('wrong');
    bench.socket.says('\r\nAccess', ' denied\r\n');
    bench.socket.closes();
    assert.equal(bench.session.status.state, 'denied');
    clock.advance(3_600_000);
    assert.equal(bench.sockets.length, 1);

    bench.session.login('secret');
    assert.equal(bench.sockets.length, 2);
    bench.socket.open();
    bench.socket.says('Password: ');
    assert.deepEqual(bench.socket.sent, ['secret\r']);
    bench.socket.says(BANNER);
    assert.equal(bench.session.status.state, 'connected');
  });

  test('a denied password is not tried again', () => {
    const bench = new Bench().prompted();
    bench.session.login('wrong');
    bench.socket.says('\r\nAccess denied\r\n');
    bench.session.connect();
    bench.socket.open();
    bench.socket.says('Password: ');
    assert.deepEqual(bench.socket.sent, []);
    assert.equal(bench.session.status.state, 'password');
  });

  for (const [code, reason] of [[1006, ''], [1008, 'no password has come in time']] as const) {
    test(`a prompt that nobody answers until the board hangs up with ${code} is not fetched again unasked`, () => {
      const bench = new Bench().prompted();
      bench.socket.closes(code, reason);
      bench.isIn({ state: 'closed', cause: 'unanswered', reason, retryAfter: null });
      clock.advance(3_600_000);
      assert.equal(bench.sockets.length, 1);

      bench.session.login('secret');
      bench.socket.open();
      bench.socket.says('Password: ', BANNER);
      assert.equal(bench.session.status.state, 'connected');
    });
  }

  test('a password that was never accepted is not tried over and over', () => {
    const bench = new Bench().prompted();
    bench.session.login('guess');
    bench.socket.closes();
    assert.equal(bench.session.status.cause, 'unanswered');
    assert.equal(clock.pending, 0);
  });

  test('a password may not hold a line end', () => {
    const bench = new Bench().prompted();
    assert.throws(() => bench.session.login('two\rlines'), RangeError);
    assert.deepEqual(bench.socket.sent, []);
  });

  test('"Access denied" in the terminal is only text', () => {
    const bench = new Bench().loggedIn();
    bench.socket.says('\r\nAccess denied\r\nPassword: ');
    assert.equal(bench.session.status.state, 'connected');
    assert.deepEqual(bench.socket.sent, ['secret\r']);
  });
});

describe('terminal', () => {
  test('keys go out as they are, pasted lines end in CR', () => {
    const bench = new Bench().loggedIn();
    bench.session.send('a\n');
    bench.session.paste('1\n2\r\n3\r');
    assert.deepEqual(bench.socket.sent.slice(1), ['a\n', '1\r2\r3\r']);
  });

  test('an interrupt overtakes the rest of a paste', () => {
    const bench = new Bench().loggedIn();
    bench.socket.bufferedAmount = 1e6;
    bench.session.paste('x'.repeat(100_000));
    bench.session.interrupt();
    bench.socket.bufferedAmount = 0;
    clock.advance(1_000);
    assert.deepEqual(bench.socket.sent.slice(1), ['\x03']);
  });

  test('nothing is sent, nor kept for later, while there is no session', () => {
    const bench = new Bench();
    assert.equal(bench.session.send('early'), false);
    bench.prompted();
    assert.equal(bench.session.send('early'), false);
    assert.equal(bench.session.interrupt(), false);
    bench.session.login('secret');
    bench.socket.says(BANNER);
    assert.equal(bench.session.send('now'), true);
    assert.deepEqual(bench.socket.sent, ['secret\r', 'now']);
  });

  test('binary messages are told apart, and are nothing before login', () => {
    const bench = new Bench().prompted();
    bench.socket.says(new ArrayBuffer(3));
    assert.equal(bench.binary.length, 0);
    bench.session.login('secret');
    bench.socket.says(BANNER, new ArrayBuffer(4));
    assert.deepEqual(bench.binary.map((data) => data.byteLength), [4]);
    assert.equal(bench.socket.binaryType, 'arraybuffer');
    assert.equal(bench.text, 'WebREPL connected\r\n>>> ');
  });
});

describe('connection', () => {
  test('a lost session comes back with the password it knows', () => {
    const bench = new Bench().loggedIn();
    bench.socket.closes(1006);
    const retryAfter = RETRY_DELAYS_MS[0];
    bench.isIn({ state: 'closed', cause: 'lost', reason: '', retryAfter: retryAfter! });
    clock.advance(RETRY_DELAYS_MS[0]!);
    assert.equal(bench.sockets.length, 2);
    bench.socket.open();
    bench.socket.says('Password: ');
    bench.socket.says(BANNER);
    assert.equal(bench.session.status.state, 'connected');
    assert.deepEqual(bench.socket.sent, ['secret\r']);
    assert.ok(!bench.states.slice(4).includes('password'));
  });

  test('a board that hangs up on a password it once accepted is tried again', () => {
    const bench = new Bench().loggedIn();
    bench.socket.closes();
    clock.advance(RETRY_DELAYS_MS[0]!);
    bench.socket.open();
    bench.socket.says('Password: ');
    bench.socket.closes();
    assert.equal(bench.session.status.cause, 'lost');
    assert.equal(bench.session.status.retryAfter, RETRY_DELAYS_MS[1]);
  });

  test('the waits grow up to the last one, and shrink after a sound session', () => {
    const bench = new Bench().loggedIn();
    const waits: (number | null)[] = [];
    for (let attempt = 0; attempt < RETRY_DELAYS_MS.length + 2; attempt++) {
      bench.fails();
      waits.push(bench.session.status.retryAfter);
      clock.advance(bench.session.status.retryAfter! - 1);
      assert.equal(bench.session.status.state, 'closed', 'too early');
      clock.advance(1);
      assert.equal(bench.session.status.state, 'connecting', 'too late');
    }
    const last = RETRY_DELAYS_MS.at(-1)!;
    assert.deepEqual(waits, [...RETRY_DELAYS_MS, last, last]);

    bench.socket.open();
    bench.socket.says('Password: ', BANNER);
    clock.advance(SOUND_AFTER_MS);
    bench.socket.closes();
    assert.equal(bench.session.status.retryAfter, RETRY_DELAYS_MS[0]);
  });

  test('a board that drops each session at once does not get the shortest wait each time', () => {
    const bench = new Bench();
    bench.session.connect();
    const waits: (number | null)[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      bench.socket.open();
      bench.socket.says(BANNER);
      bench.socket.closes();
      waits.push(bench.session.status.retryAfter);
      clock.advance(bench.session.status.retryAfter!);
    }
    assert.deepEqual(waits, RETRY_DELAYS_MS.slice(0, 3));
  });

  test('a board that cannot be reached is tried again', () => {
    const bench = new Bench();
    bench.session.connect();
    bench.fails();
    assert.equal(bench.session.status.cause, 'unreachable');
    clock.advance(RETRY_DELAYS_MS[0]!);
    assert.equal(bench.session.status.state, 'connecting');
  });

  test('a board that does not know the second edition is asked again in the classic one', () => {
    const bench = new Bench();
    bench.session.connect();
    assert.deepEqual(bench.socket.protocols, ['webrepl.2']);
    bench.socket.closes();
    assert.deepEqual(bench.socket.protocols, []);
    bench.socket.open();
    bench.socket.says(BANNER);
    assert.equal(bench.session.status.state, 'connected');
    assert.equal(bench.session.status.edition, 1);
  });

  test('a board that has spoken the second edition is not asked in the classic one', () => {
    const bench = new Bench({ second: true });
    bench.session.connect();
    bench.socket.closes(1006);
    bench.isIn({ state: 'closed', cause: 'unreachable', reason: '', retryAfter: RETRY_DELAYS_MS[0]! });
    assert.equal(bench.sockets.length, 1);
    clock.advance(RETRY_DELAYS_MS[0]!);
    bench.socket.open();
    bench.socket.says('Password: ');
    bench.isIn({ state: 'closed', cause: 'older', reason: '', retryAfter: null });
    bench.session.connectClassic();
    bench.socket.open();
    bench.socket.says('Password: ');
    assert.equal(bench.session.status.state, 'password');
  });

  test('a password that was meant for the second edition is not sent in the classic one', () => {
    const bench = new Bench();
    bench.session.login('secret');
    bench.socket.closes(1006);
    bench.socket.open();
    bench.socket.says('Password: ');
    bench.isIn({ state: 'password', cause: 'user', reason: '', retryAfter: null });
    assert.deepEqual(bench.socket.sent, []);
    bench.session.login('secret');
    assert.deepEqual(bench.socket.sent, ['secret\r']);
  });

  test('a board that answers by HTTP alone is asked twice, and then left in peace', async () => {
    const bench = new Bench({ second: true, answersHttp: () => Promise.resolve(true) });
    bench.session.connect();
    for (const retryAfter of [RETRY_DELAYS_MS[0]!, null]) {
      bench.socket.closes(1006);
      await Promise.resolve();
      await Promise.resolve();
      bench.isIn({ state: 'closed', cause: 'refused', reason: '', retryAfter });
      clock.advance(RETRY_DELAYS_MS[0]!);
    }
    assert.equal(bench.sockets.length, 2);
  });

  test('connect() cuts the wait short, once', () => {
    const bench = new Bench().loggedIn();
    bench.socket.closes();
    bench.session.connect();
    bench.session.connect();
    assert.equal(bench.sockets.length, 2);
    clock.advance(RETRY_DELAYS_MS[0]!);
    assert.equal(bench.sockets.length, 2);
  });

  test('a server that says nothing, or nothing of WebREPL, is given up and tried again later', () => {
    for (const greeting of [null, 'x'.repeat(5000)]) {
      const bench = new Bench();
      bench.session.connect();
      bench.socket.open();
      if (greeting === null) {
        clock.advance(GREETING_TIMEOUT_MS);
      } else {
        bench.socket.says(greeting);
      }
      assert.equal(bench.session.status.cause, 'foreign');
      assert.equal(bench.socket.closedWith, 1000);
      assert.equal(bench.session.status.retryAfter, RETRY_DELAYS_MS[0]);
    }
  });

  test('a socket that neither opens nor fails counts as unreachable', () => {
    const bench = new Bench();
    bench.session.connect();
    clock.advance(GREETING_TIMEOUT_MS);
    assert.equal(bench.session.status.cause, 'unreachable');
  });

  test('nobody is hurried at the password prompt', () => {
    const bench = new Bench().prompted();
    clock.advance(3_600_000);
    assert.equal(bench.session.status.state, 'password');
  });

  test('4000: somebody else has it; the reason is passed on and nothing is tried unasked', () => {
    const bench = new Bench();
    bench.session.connect();
    bench.socket.open();
    bench.socket.closes(4000, 'In use by 192.168.4.7');
    assert.equal(bench.session.status.state, 'busy');
    assert.equal(bench.session.status.reason, 'In use by 192.168.4.7');
    assert.equal(clock.pending, 0);
    bench.session.connect();
    assert.equal(bench.sockets.length, 2);
  });

  test('4000 at the login form: nobody holds the terminal, and the form still takes a password', () => {
    const bench = new Bench().prompted();
    bench.socket.closes(4000, 'too many logins');
    bench.isIn({ state: 'closed', cause: 'unanswered', reason: 'too many logins' });
    bench.session.login('secret');
    assert.equal(bench.sockets.length, 2);
  });

  test('4000 in the second edition: too many clients, whoever holds the terminal', () => {
    const bench = new Bench();
    bench.session.connect();
    bench.socket.open('webrepl.2');
    bench.socket.closes(4000, 'too many sessions');
    bench.isIn({ state: 'closed', cause: 'crowded', reason: 'too many sessions', retryAfter: null });
  });

  test('1012: the board restarts, so the shortest wait will do', () => {
    const bench = new Bench().loggedIn();
    bench.socket.closes();
    clock.advance(RETRY_DELAYS_MS[0]!);
    bench.socket.open();
    bench.socket.says('Password: ', BANNER);
    bench.socket.closes(1012, 'soft reset');
    assert.equal(bench.session.status.cause, 'restart');
    assert.equal(bench.session.status.retryAfter, RETRY_DELAYS_MS[0]);
  });

  test('a farewell on purpose is accepted', () => {
    for (const code of [1000, 1008, 4001]) {
      const bench = new Bench().loggedIn();
      bench.socket.closes(code, 'Taken over');
      bench.isIn({ state: 'closed', cause: 'ended', reason: 'Taken over', retryAfter: null });
      assert.equal(clock.pending, 0);
    }
  });

  test('disconnect() closes, forgets the password and leaves no timer', () => {
    const bench = new Bench().loggedIn();
    bench.session.disconnect();
    assert.equal(bench.socket.closedWith, 1000);
    bench.isIn({ state: 'closed', cause: 'user', reason: '', retryAfter: null });
    assert.equal(clock.pending, 0);

    bench.prompted();
    assert.equal(bench.session.status.state, 'password');
    assert.deepEqual(bench.socket.sent, []);
  });

  test('disconnect() ends the waiting, too', () => {
    const bench = new Bench().loggedIn();
    bench.socket.closes();
    bench.session.disconnect();
    clock.advance(3_600_000);
    assert.equal(bench.sockets.length, 1);
  });

  test('a connection that was given up has no say any more', () => {
    const bench = new Bench().loggedIn();
    const old = bench.socket;
    bench.session.disconnect();
    bench.session.connect();
    old.says('ghost');
    old.closes(4000, 'ghost');
    assert.equal(bench.session.status.state, 'connecting');
    assert.equal(bench.text, 'WebREPL connected\r\n>>> ');
  });

  test('a connection that the browser forbids is reported, not thrown', () => {
    const bench = new Bench({
      WebSocket: class {
        constructor() {
          throw new Error('SecurityError');
        }
      } as never,
    });
    bench.session.connect();
    assert.equal(bench.session.status.cause, 'blocked');
    assert.equal(bench.session.status.retryAfter, null);
  });

  test('a session does nothing before connect()', () => {
    const session = new WebRepl(new URL('ws://board/ws'));
    assert.deepEqual([session.status.state, session.status.cause], ['closed', 'user']);
  });
});

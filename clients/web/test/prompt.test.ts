// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { literal } from '../src/literal.ts';
import type { AtPrompt } from '../src/prompt/at-prompt.ts';
import { cells, drawn } from '../src/prompt/draw.ts';
import { continues, edited, indentAfter, keysIn, type Line } from '../src/prompt/line.ts';
import { Prompt } from '../src/prompt/prompt.ts';
import { ECHO_TIMEOUT_MS, Unseen } from '../src/prompt/unseen.ts';
import { FakeClock } from './fakes.ts';

const clock = new FakeClock();
beforeEach(() => clock.install());
afterEach(() => {
  clock.restore();
  mock.restoreAll();
});

const NOTICE = '\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ';

/** A prompt of a board that drops other characters, what it sent, and what it wrote to the screen. */
function bench(at: AtPrompt | null) {
  const sent: string[] = [];
  const screen = { columns: 80, shown: '', write: (text: string) => { screen.shown += text; }, prompt: () => at };
  const prompt = new Prompt((keys) => sent.push(keys), screen);
  if (at !== null) {
    prompt.type('ü');
    clock.advance(2000);
    prompt.type('\x03');
    assert.deepEqual(sent.splice(0), ['ü', '\x03']);
    prompt.hear('');
    screen.shown = '';
    settled();
  }
  return { prompt, sent, screen };
}

/** Lets the time pass that the echo of Ctrl-C may take. */
function settled() {
  const now = Date.now() + 10_000;
  mock.method(Date, 'now', () => now);
}

const typed = (text: string) => `exec(compile(${literal(`${text}\n`)},'<stdin>','single'))`;

test('Python reads the literal as the text', () => {
  assert.equal(literal("a'b\\"), "'a\\'b\\\\'");
  assert.equal(literal('ü€𝄞\n'), "'\\xfc\\u20ac\\U0001d11e\\x0a'");
});

test('ASCII goes to the board as it is', () => {
  const { prompt, sent } = bench({ before: '', after: '', above: [] });
  for (const key of 'print(1)\r') {
    prompt.type(key);
  }
  assert.equal(sent.join(''), 'print(1)\r');
});

test('a line with other characters is edited here, and run unseen', () => {
  const { prompt, sent, screen } = bench({ before: "print('", after: "')", above: [] });
  prompt.type('ü');
  assert.deepEqual(sent, []);
  prompt.type('\r');
  assert.deepEqual(sent, [`\x03\x05${typed("print('ü')")}\x04`]);
  screen.shown = '';
  prompt.hear(`\r\n>>> ${NOTICE}${typed("print('ü')")}\r\n`);
  prompt.hear('ü\r\n>>> ');
  assert.equal(screen.shown, 'ü\r\n>>> ');
});

test('keys that come before the board has answered wait for it', () => {
  const { prompt, sent } = bench({ before: '', after: '', above: [] });
  prompt.type('ü = 1\rx');
  prompt.type('y');
  assert.deepEqual(sent, [`\x05${typed('ü = 1')}\x04`]);
  prompt.hear(`${NOTICE}${typed('ü = 1')}\r\n>>> `);
  assert.deepEqual(sent.slice(1), ['xy']);
});

test('a statement that the board has begun is taken over', () => {
  const { prompt, sent } = bench({ before: '    ', after: '', above: ['for i in range(2):'] });
  prompt.type("print('ü')\r\r");
  assert.deepEqual(sent, [`\x03\x05${typed("for i in range(2):\n    print('ü')\n    ")}\x04`]);
});

test('a block that is pasted arrives as it is', () => {
  const { prompt, sent } = bench({ before: '', after: '', above: [] });
  prompt.type('def f():\r    return 1\rprint(f())\r');
  assert.deepEqual(sent, ['\x05def f():\r    return 1\rprint(f())\x04']);
});

test('a program that reads keys gets them', () => {
  const { prompt, sent } = bench(null);
  prompt.type('ü');
  assert.deepEqual(sent, [], 'the prompt may be about to come');
  settled();
  clock.advance(1000);
  assert.deepEqual(sent, ['ü']);
});

test('a board that takes every character gets every character', () => {
  const sent: string[] = [];
  const line = () => ({ before: sent.join(''), after: '', above: [] });
  const prompt = new Prompt((keys) => sent.push(keys), { columns: 80, write: () => {}, prompt: line });
  prompt.type('cat m');
  prompt.type('üll\r');
  prompt.type('ä');
  assert.deepEqual(sent, ['cat m', 'ü', 'll\r', 'ä']);
});

test('Ctrl-C gives a line up', () => {
  const { prompt, sent } = bench({ before: 'x', after: '', above: [] });
  prompt.type('ü');
  prompt.type('\x03');
  assert.deepEqual(sent, ['\x03']);
});

test('an echo that does not come hides nothing for long', () => {
  let shown = '';
  const unseen = new Unseen(() => {}, (text) => { shown += text; });
  unseen.run('x', false);
  unseen.hear('something else');
  assert.equal(shown, '');
  clock.advance(ECHO_TIMEOUT_MS);
  assert.equal(shown, 'something else');
  assert.equal(unseen.busy, false);
});

test('keys edit a line', () => {
  const after = (line: Line, ...keys: string[]) => keys.reduce((now, key) => edited(now, key) ?? now, line);
  const line = { before: 'aü', after: 'b𝄞' };
  assert.deepEqual(after(line, '\x7f'), { before: 'a', after: 'b𝄞' });
  assert.deepEqual(after(line, '\x1b[H', '\x1b[3~'), { before: '', after: 'üb𝄞' });
  assert.deepEqual(after(line, '\x1b[C', '\x1b[C', '\x1b[D'), { before: 'aüb', after: '𝄞' });
  assert.deepEqual(after(line, '\x0b', 'x', '\x15'), { before: '', after: '' });
  assert.equal(edited(line, '\x1b[A'), null);
  assert.deepEqual(keysIn('a\x1b[D\x1bOHü\r\n'), ['a', '\x1b[D', '\x1bOH', 'ü', '\r\n']);
});

test('Python waits for more of what is not complete', () => {
  for (const lines of [['if x:'], ['if x:', '  y'], ['f('], ['"""a'], ['x = 1 + \\'], ['@d'], ['if x:  # y']]) {
    assert.ok(continues(lines), lines.join('|'));
  }
  for (const lines of [['x'], ['if x:', '  y', ''], ["print(':')"], ['f(', ')'], ['"""a', '"""'], ["x = '#('"]]) {
    assert.ok(!continues(lines), lines.join('|'));
  }
  assert.deepEqual(['if x:', '  if x:', '  y', 'z'].map(indentAfter), ['    ', '      ', '  ', '']);
});

test('the cursor stands where the text says', () => {
  assert.deepEqual(['ab', '文字', 'e\u0301'].map(cells), [2, 4, 1]);
  assert.equal(drawn(80, 'ab', { before: 'abc', after: 'd' }), '\r\x1b[4C\x1b[Jabcd\r\x1b[7C');
  assert.equal(drawn(10, '1234567', { before: '1234567', after: '8901234567' }),
    '\x1b[1A\r\x1b[4C\x1b[J12345678901234567\x1b[1A\r\x1b[1C');
});

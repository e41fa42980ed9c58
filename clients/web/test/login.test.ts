// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginDialogue, type Verdict } from '../src/protocol/login.ts';

const BANNER = '\r\nWebREPL connected\r\n>>> ';

/** All verdicts of a dialogue in which the server's words arrive in these pieces. */
function verdicts(pieces: Iterable<string>): Verdict[] {
  const dialogue = new LoginDialogue();
  return [...pieces].map((piece) => dialogue.hear(piece)).filter((verdict) => verdict !== null);
}

test('the prompt is heard wherever the messages are cut', () => {
  const prompt = 'Password: ';
  for (let cut = 0; cut <= prompt.length; cut++) {
    assert.deepEqual(verdicts([prompt.slice(0, cut), prompt.slice(cut)]), [{ kind: 'prompt' }], `cut at ${cut}`);
  }
});

test('the banner is heard wherever the messages are cut, and keeps its prompt', () => {
  for (let cut = 0; cut <= BANNER.length; cut++) {
    const dialogue = new LoginDialogue();
    dialogue.hear('Password: ');
    const first = dialogue.hear(BANNER.slice(0, cut));
    const verdict = first ?? dialogue.hear(BANNER.slice(cut));
    assert.equal(verdict?.kind, 'connected', `cut at ${cut}`);
    const text = verdict.kind === 'connected' ? verdict.text : '';
    const later = first === null ? '' : BANNER.slice(cut);
    assert.equal(text + later, 'WebREPL connected\r\n>>> ', `cut at ${cut}`);
  }
});

test('character by character works, too', () => {
  assert.deepEqual(
    verdicts(`Password: \r\nAccess denied\r\n`).map((verdict) => verdict.kind),
    ['prompt', 'denied'],
  );
});

test('a board without password goes straight to the banner', () => {
  assert.deepEqual(verdicts([BANNER]), [{ kind: 'connected', text: 'WebREPL connected\r\n>>> ' }]);
});

test('words before the prompt are passed over', () => {
  assert.deepEqual(verdicts(['Welcome to the attic\r\nPassword: ']), [{ kind: 'prompt' }]);
});

test('output right behind the banner is kept', () => {
  assert.deepEqual(verdicts([`${BANNER}1\r\n2\r\n`]), [
    { kind: 'connected', text: 'WebREPL connected\r\n>>> 1\r\n2\r\n' },
  ]);
});

test('nothing is denied before it was asked for', () => {
  assert.deepEqual(verdicts(['Access denied\r\n', 'Password: ']), [{ kind: 'prompt' }]);
});

test('a server that talks of other things is given up', () => {
  assert.deepEqual(verdicts(['x'.repeat(1024)]), []);
  assert.deepEqual(verdicts(['x'.repeat(1024), 'x']), [{ kind: 'foreign' }]);
});

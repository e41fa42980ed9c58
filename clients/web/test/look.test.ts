// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elsewhere, lookOf } from '../src/look.ts';
import type { Status } from '../src/webrepl.ts';

function status(change: Partial<Status>): Status {
  return { state: 'closed', cause: 'user', reason: '', retryAfter: null, edition: 1, watching: false, ...change };
}

test('a sent password leaves the form where it is, waiting', () => {
  const form = lookOf(status({ state: 'password' }), 'board', null);
  const sent = lookOf(status({ state: 'connecting' }), 'board', form);
  assert.deepEqual([sent.panel, sent.checking], ['login', true]);
  assert.equal(lookOf(status({ state: 'connecting' }), 'board', null).panel, 'notice');
});

test('a wrong password is called so', () => {
  const look = lookOf(status({ state: 'denied' }), 'board', null);
  assert.deepEqual([look.panel, look.checking, look.error], ['login', false, 'Wrong password']);
});

test('a busy board gives its own reason and a way to try again', () => {
  const look = lookOf(status({ state: 'busy', reason: 'In use by 192.168.4.7' }), 'board', null);
  assert.deepEqual([look.message, look.action], ['In use by 192.168.4.7', 'Retry']);
  assert.match(lookOf(status({ state: 'busy' }), 'board', null).message, /Somebody else/);
});

test('every way of being closed has its own sentence and a way on', () => {
  const causes = ['user', 'blocked', 'unreachable', 'refused', 'older', 'foreign', 'lost', 'restart', 'ended', 'crowded'] as const;
  const looks = causes.map((cause) => lookOf(status({ cause }), 'board', null));
  assert.equal(new Set(looks.map((look) => look.message)).size, causes.length);
  assert.ok(looks.every((look) => look.action === 'Connect' && look.ending === ''));
});

test('waiting for the next attempt can be cut short or ended', () => {
  const look = lookOf(status({ cause: 'lost', retryAfter: 1000 }), 'board', null);
  assert.deepEqual([look.label, look.action, look.ending], ['Reconnecting', 'Connect now', 'Stop']);
});

test('a prompt that timed out still takes the password, and says so in sentences', () => {
  const look = lookOf(status({ cause: 'unanswered' }), 'board', null);
  assert.deepEqual([look.panel, look.error], ['login', 'The board hung up. The password opens a new connection.']);
  const { error } = lookOf(status({ cause: 'unanswered', reason: 'no password has come in time' }), 'board', null);
  assert.equal(error, 'The board hung up: no password has come in time. The password opens a new connection.');
});

test('people are told what a board gets that the page did not come from', () => {
  const place = { host: 'board', origin: 'http://board' };
  assert.equal(elsewhere('board', 2, place), '');
  assert.match(elsewhere('other', 2, place), /not the board .* never the password itself/);
  assert.match(elsewhere('other', 1, place), /not the board .* gets the password itself, but only if you agree/);
});

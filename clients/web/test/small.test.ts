// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dedented, difference, unified } from '../src/editor/text.ts';
import { dateText } from '../src/files/board-files.ts';
import { bringsExtension } from '../src/files/naming.ts';
import { Selection } from '../src/files/selection.ts';
import { unzip } from '../src/files/unzip.ts';
import { zip } from '../src/files/zip.ts';
import { Lines, samplesIn } from '../src/plot/numbers.ts';
import { label, pressed } from '../src/shortcuts.ts';

test('lines of numbers are samples, other lines are not', () => {
  const found = (line: string) => samplesIn(line).map(({ name, value }) => `${name}:${value}`).join(' ');
  assert.equal(found('21.5'), '1:21.5');
  assert.equal(found('1 -2,3e2'), '1:1 2:-2 3:300');
  assert.equal(found('(1, 2)'), '1:1 2:2');
  assert.equal(found('t=21.5, h=40'), 't:21.5 h:40');
  assert.equal(found("{'t': 21.5, 'h': 40}"), 't:21.5 h:40');
  assert.equal(found('temp: 21.5'), 'temp:21.5');
  assert.equal(found('tick 3'), '');
  assert.equal(found('>>> 6 * 7'), '');
  assert.equal(found(''), '');
});

test('lines are cut from output of any pieces, without colours', () => {
  const lines = new Lines();
  assert.deepEqual(lines.take('1\r\n2'), ['1']);
  assert.deepEqual(lines.take('3\n\x1b[31m4\x1b[0m\r\n'), ['23', '4']);
});

test('lines of a function run by themselves', () => {
  assert.equal(dedented('    a\n\n      b\n    c'), 'a\n\n  b\nc');
  assert.equal(dedented('a\n  b'), 'a\n  b');
});

test('the difference of two texts is one stretch', () => {
  for (const [old, now] of [['abc', 'axc'], ['aa', 'aaa'], ['', 'x'], ['x', ''], ['same', 'same'], ['abab', 'ab']] as const) {
    const { from, to, insert } = difference(old, now);
    assert.equal(old.slice(0, from) + insert + old.slice(to), now);
  }
});

test('line ends are kept apart from the text', () => {
  assert.deepEqual(unified('a\r\nb'), { text: 'a\nb', lineEnd: '\r\n' });
  assert.deepEqual(unified('a\nb'), { text: 'a\nb', lineEnd: '\n' });
});

test('a range goes from where the selection began', () => {
  const all = ['a', 'b', 'b/x', 'c'];
  const selection = new Selection();
  selection.set('b');
  selection.extend('c', all);
  assert.deepEqual(selection.paths, ['b', 'b/x', 'c']);
  assert.deepEqual(selection.topmost, ['b', 'c'], 'what lies in a folder goes with it');
  selection.extend('a', all);
  assert.deepEqual(selection.paths, ['a', 'b']);
  selection.toggle('a');
  selection.keep(['c']);
  assert.deepEqual(selection.paths, []);
});

test('an extension that was typed takes the place of the proposed one', () => {
  const brings = (typed: string, before: string, after = '.py') => bringsExtension(typed, before + after, before.length, '.py');
  assert.ok(brings('.', 'prüf 1.'));
  assert.ok(brings('prüf 1.py', 'prüf 1.py'), 'pasted');
  assert.ok(!brings('1', 'prüf.1'), 'no extension was typed just now');
  assert.ok(!brings('.', 'a.', 'b.py'), 'in the middle of the name');
  assert.ok(!brings('.', 'a.', ''), 'the proposed one is gone already');
  assert.ok(!bringsExtension('.', 'folder.', 7, ''), 'none was proposed');
});

test('dates of boards without a clock are no dates', () => {
  assert.equal(dateText(0), '');
  assert.equal(dateText(946_684_800), '');
  assert.match(dateText(Date.UTC(2024, 2, 9) / 1000, new Date(2026, 0)), /2024/);
});

test('what was packed is unpacked, and leads nowhere else', async () => {
  const data = new TextEncoder().encode('contents');
  const modified = 0;
  const archive = zip([
    { path: 'a/', data: new Uint8Array(), modified }, { path: 'a/b.txt', data, modified },
    { path: '../c', data, modified }, { path: '/d', data, modified },
  ]);
  const found = await unzip(archive);
  assert.deepEqual(found.map(({ path, file }) => [path, file === null]), [['a', true], ['a/b.txt', false]]);
  assert.equal(await found[1]!.file!.text(), 'contents');
  await assert.rejects(unzip(new Blob(['no archive at all, and long enough'])), /no ZIP archive/);
});

test('shortcuts are others on a Mac', () => {
  const key = (change: Partial<KeyboardEvent>) =>
    ({ key: 'f', altKey: false, ctrlKey: false, shiftKey: false, metaKey: false, ...change }) as KeyboardEvent;
  assert.equal(pressed(key({ altKey: true }), 'Linux x86_64'), 'files');
  assert.equal(pressed(key({ altKey: true }), 'MacIntel'), undefined, 'it types a character there');
  assert.equal(pressed(key({ key: 'E', ctrlKey: true, shiftKey: true }), 'MacIntel'), 'files');
  assert.deepEqual([label('files', 'Win32'), label('files', 'MacIntel')], ['Alt-F', 'Ctrl-Shift-E']);
});

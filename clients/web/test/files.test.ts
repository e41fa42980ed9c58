// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BoardFiles, type Entry, join, parentOf, sizeText, walk } from '../src/files/board-files.ts';
import { Transfers } from '../src/files/transfers.ts';
import { Tree } from '../src/files/tree.ts';

const directory = (name: string): Entry => ({ name, directory: true, size: 0, modified: 0 });
const file = (name: string, size = 1): Entry => ({ name, directory: false, size, modified: 0 });

/** A board with these directories and no more. */
function board(contents: Record<string, Entry[]>): BoardFiles {
  const list = async (path: string) => {
    const entries = contents[path];
    if (entries === undefined) {
      throw new Error(`${path}: there is no such directory`);
    }
    return [...entries];
  };
  return { list } as BoardFiles;
}

test('directories come first, numbers in names count as numbers', async () => {
  const tree = new Tree(board({ '.': [file('b10'), file('b9'), directory('z'), file('A')] }), '.');
  await tree.open('.');
  assert.deepEqual(tree.rows().map(({ name }) => name), ['z', 'A', 'b9', 'b10']);
});

test('an open directory shows what is in it, one level deeper', async () => {
  const tree = new Tree(board({ '/': [directory('lib'), file('x')], '/lib': [directory('in')], '/lib/in': [file('y')] }), '/');
  await tree.open('/');
  await tree.open('/lib');
  await tree.open('/lib/in');
  assert.deepEqual(tree.rows().map(({ path, level }) => [path, level]), [
    ['/lib', 1], ['/lib/in', 2], ['/lib/in/y', 3], ['/x', 1],
  ]);
  tree.close('/lib');
  await tree.open('/lib');
  assert.deepEqual(tree.rows().map(({ path }) => path), ['/lib', '/lib/in', '/x'], 'what was below is closed, too');
});

test('below the working directory paths are relative', async () => {
  const tree = new Tree(board({ '.': [directory('lib')], lib: [file('m.py')] }), '.');
  await tree.open('.');
  await tree.open('lib');
  assert.deepEqual(tree.rows().map(({ path }) => path), ['lib', 'lib/m.py']);
  assert.equal(tree.find('lib/m.py')?.name, 'm.py');
});

test('a refresh closes directories that are gone', async () => {
  const contents: Record<string, Entry[]> = { '.': [directory('lib')], lib: [file('m.py')] };
  const tree = new Tree(board(contents), '.');
  await tree.open('.');
  await tree.open('lib');
  delete contents.lib;
  contents['.'] = [];
  await tree.refresh();
  assert.deepEqual(tree.rows(), []);
});

test('paths', () => {
  assert.deepEqual([join('', 'a'), join('/', 'a'), join('a', 'b'), join('/a', 'b')], ['a', '/a', 'a/b', '/a/b']);
  assert.deepEqual([parentOf('a'), parentOf('/a'), parentOf('a/b'), parentOf('/a/b')], ['', '/', 'a', '/a']);
});

test('sizes read like sizes', () => {
  assert.deepEqual([0, 999, 1000, 1536, 123_456, 5 * 1024 ** 2].map(sizeText), ['0 B', '999 B', '1.0 KB', '1.5 KB', '121 KB', '5.0 MB']);
});

test('a walk finds each directory before what is in it', async () => {
  const found = await walk(board({ d: [file('a'), directory('e')], 'd/e': [file('b')] }), 'd');
  assert.deepEqual(found.map(({ path }) => path), ['a', 'e', 'e/b']);
});

test('four transfers run at a time, the others wait', async () => {
  const transfers = new Transfers(() => {});
  const ends: (() => void)[] = [];
  const all = ['a', 'b', 'c', 'd', 'e'].map((label) => transfers.add(label, 1, () => new Promise((end) => ends.push(end))));
  assert.deepEqual(transfers.all.map(({ state }) => state), ['running', 'running', 'running', 'running', 'waiting']);
  ends[0]!();
  await all[0];
  assert.deepEqual(transfers.all.map(({ state }) => state), ['done', 'running', 'running', 'running', 'running']);
});

test('a transfer that fails says why and lets the next one go', async () => {
  const transfers = new Transfers(() => {});
  await transfers.add('a', 1, () => Promise.reject(new Error('The disk is full')));
  await transfers.add('b', 1, () => Promise.resolve());
  assert.deepEqual(transfers.all.map(({ state, error }) => [state, error]), [['failed', 'The disk is full'], ['done', '']]);
});

test('cancelling ends those that run and those that wait', async () => {
  const transfers = new Transfers(() => {});
  const never = ({ signal }: { signal?: AbortSignal }) =>
    new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  const all = ['a', 'b', 'c', 'd', 'e'].map((label) => transfers.add(label, 1, never));
  transfers.cancel();
  await Promise.all(all);
  assert.deepEqual(transfers.all.map(({ state }) => state), Array(5).fill('cancelled'));
});

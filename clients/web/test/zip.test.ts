// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { zip } from '../src/files/zip.ts';

/** Python's zipfile is somebody else's reading of the same document. */
async function unzip(archive: Blob): Promise<Record<string, [contents: string, modified: string]>> {
  const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'a.zip');
  writeFileSync(path, Buffer.from(await archive.arrayBuffer()));
  const script = [
    'import json, sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1])',
    'assert z.testzip() is None',
    'print(json.dumps({i.filename: [z.read(i).hex(), "%d-%d-%d %d:%d:%d" % i.date_time] for i in z.infolist()}))',
  ].join('\n');
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }));
}

test('another program reads what was put in', async () => {
  const text = new TextEncoder().encode('print("hello")\n');
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const modified = new Date(2024, 1, 29, 23, 59, 58).getTime() / 1000;
  const archive = zip([
    { path: 'lib/', data: new Uint8Array(), modified },
    { path: 'lib/grüße.py', data: text, modified },
    { path: 'all.bin', data: all, modified: 0 },
    { path: 'empty', data: new Uint8Array(), modified: Date.UTC(2000, 0) / 1000 },
  ], new Date(2026, 11, 31, 0, 1, 2));
  assert.deepEqual(await unzip(archive), {
    'lib/': ['', '2024-2-29 23:59:58'],
    'lib/grüße.py': [Buffer.from(text).toString('hex'), '2024-2-29 23:59:58'],
    'all.bin': [Buffer.from(all).toString('hex'), '2026-12-31 0:1:2'],
    empty: ['', '2026-12-31 0:1:2'],
  });
});

// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { zip } from '../src/files/zip.ts';

/** Python's zipfile is somebody else's reading of the same document. */
async function unzip(archive: Blob): Promise<Record<string, string>> {
  const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'a.zip');
  writeFileSync(path, Buffer.from(await archive.arrayBuffer()));
  const script = [
    'import json, sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1])',
    'assert z.testzip() is None',
    'print(json.dumps({i.filename: z.read(i).hex() for i in z.infolist()}))',
  ].join('\n');
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }));
}

test('another program reads what was put in', async () => {
  const text = new TextEncoder().encode('print("hello")\n');
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const archive = zip([
    { path: 'lib/', data: new Uint8Array() },
    { path: 'lib/grüße.py', data: text },
    { path: 'all.bin', data: all },
    { path: 'empty', data: new Uint8Array() },
  ]);
  assert.deepEqual(await unzip(archive), {
    'lib/': '',
    'lib/grüße.py': Buffer.from(text).toString('hex'),
    'all.bin': Buffer.from(all).toString('hex'),
    empty: '',
  });
});

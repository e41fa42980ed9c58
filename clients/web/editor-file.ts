// SPDX-License-Identifier: MIT

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type Rollup } from 'vite';
import { licences, packed } from './pack.ts';

const NAME = 'editor.js.gz';

/** The most flash that the editor may take on a board. */
const BUDGET_BYTES = 140 * 1000;

/** They come under the same licence from the same people. */
const LICENCES = ['@codemirror/state'];

/**
 * Builds the editor into a file of its own, `editor.js.gz`.
 *
 * @returns its code as it runs, which the page's policy must name, and its digest, by which the page knows it
 */
export async function buildEditor(folder: string): Promise<{ source: string; digest: string }> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'src/editor/code/main.ts', formats: ['iife'], name: 'webreplEditorFile' },
    },
  });
  const [{ output: [chunk] }] = built as [Rollup.RollupOutput];
  const source = `${chunk.code.trim()}\n/*\n${licences(LICENCES)}*/\n`;
  const gzip = packed(NAME, source, BUDGET_BYTES);
  mkdirSync(folder, { recursive: true }); // the first build has none
  writeFileSync(resolve(folder, NAME), gzip);
  console.log(`${NAME}: ${gzip.length} bytes`);
  return { source, digest: createHash('sha256').update(source).digest('hex') };
}

// SPDX-License-Identifier: MIT

import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { buildEditor } from './editor-file.ts';
import { oneFile } from './one-file.ts';

const folder = resolve(process.env.OUT ?? '../../build/web');

export default defineConfig(async ({ command }) => {
  const editor = command === 'build' ? await buildEditor(folder) : { digest: '', source: '' };
  return {
    plugins: [oneFile(editor.source)],
    define: { EDITOR_DIGEST: JSON.stringify(editor.digest) },
    build: {
      outDir: folder,
      // The folder may belong to others, and the files have names of their own.
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
});

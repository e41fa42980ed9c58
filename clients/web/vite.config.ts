// SPDX-License-Identifier: MIT

import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { oneFile } from './one-file.ts';

export default defineConfig({
  plugins: [oneFile()],
  build: {
    outDir: resolve(process.env.OUT ?? '../../build/web'),
    // The folder may belong to others, and the two files have names of their own.
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

// SPDX-License-Identifier: MIT

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/**
 * Packs a file for a board; the same contents give the same bytes.
 *
 * @param budget the most bytes of flash that it may take
 */
export function packed(name: string, contents: string, budget: number): Buffer {
  const gzip = gzipSync(Buffer.from(contents, 'utf8'), { level: 9 });
  gzip[9] = 0xff; // this byte names the system that packed it
  if (gzip.length > budget) {
    throw new Error(`${name} takes ${gzip.length} bytes, more than the ${budget} allowed`);
  }
  return gzip;
}

/** SHA-256 of a script, as a Content-Security-Policy names it. */
export function policyHash(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

/** The texts that must accompany the code of these packages. */
export function licences(packages: readonly string[]): string {
  return packages.map((name) => `${name}\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`).join('\n');
}

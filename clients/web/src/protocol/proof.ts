// SPDX-License-Identifier: MIT

import { HmacSha256 } from './sha256.ts';

/** Fewer would help a false board to guess the password; more would block the page for a long time. */
export const LEAST_ITERATIONS = 1_000;
export const MOST_ITERATIONS = 1_000_000;

/** Iterations after which other code may run. */
const AT_A_TIME = 4_096;

/** PBKDF2-HMAC-SHA256 (RFC 8018 section 5.2), one block. */
export async function deriveKey(password: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
  const hmac = new HmacSha256(new TextEncoder().encode(password));
  let block = hmac.digest(salt, Uint8Array.of(0, 0, 0, 1));
  const key = block.slice();
  for (let i = 1; i < iterations; i++) {
    block = hmac.digest(block);
    for (let byte = 0; byte < key.length; byte++) {
      key[byte]! ^= block[byte]!;
    }
    if (i % AT_A_TIME === 0) {
      await new Promise((resume) => setTimeout(resume));
    }
  }
  return key;
}

/** The proof that one side knows the key, and has chosen or seen both nonces. */
export function proofOf(side: 'client' | 'server', key: Uint8Array, server: Uint8Array, client: Uint8Array): Uint8Array {
  return new HmacSha256(key).digest(new TextEncoder().encode(`webrepl.2 ${side}`), server, client);
}

/** Compares in a time that does not depend on where they differ. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) {
    difference |= a[i]! ^ (b[i] ?? 0);
  }
  return difference === 0;
}

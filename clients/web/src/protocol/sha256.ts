// SPDX-License-Identifier: MIT

/**
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104).
 *
 * Browsers offer theirs only to pages that come over TLS or from this computer, but a board serves plain HTTP.
 */

const BLOCK = 64;

/** Fractional parts of the cube roots of the first 64 primes. */
const K = new Uint32Array(fractions(64, Math.cbrt));

/** Fractional parts of the square roots of the first 8 primes. */
const START = fractions(8, Math.sqrt);

/** A digest under construction: call `update()` as often as there is data, then `digest()` once. */
export class Sha256 {
  readonly #state: Uint32Array;
  readonly #block = new Uint8Array(BLOCK);
  readonly #view = new DataView(this.#block.buffer);
  #filled = 0;
  #bytes: number;

  /** @param before a digest to continue; it must have taken whole blocks */
  constructor(before?: Sha256) {
    this.#state = before === undefined ? new Uint32Array(START) : before.#state.slice();
    this.#bytes = before === undefined ? 0 : before.#bytes;
  }

  update(data: Uint8Array): this {
    this.#bytes += data.length;
    for (let at = 0; at < data.length; ) {
      const piece = data.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === BLOCK) {
        this.#compress();
      }
    }
    return this;
  }

  digest(): Uint8Array<ArrayBuffer> {
    const bits = this.#bytes * 8;
    this.#block[this.#filled++] = 0x80;
    if (this.#filled > BLOCK - 8) {
      this.#block.fill(0, this.#filled);
      this.#compress();
    }
    this.#block.fill(0, this.#filled);
    this.#view.setUint32(BLOCK - 8, Math.floor(bits / 2 ** 32));
    this.#view.setUint32(BLOCK - 4, bits >>> 0);
    this.#compress();
    const result = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, i) => {
      result.setUint32(4 * i, word);
    });
    return new Uint8Array(result.buffer);
  }

  #compress(): void {
    this.#filled = 0;
    for (let i = 0; i < 16; i++) {
      W[i] = this.#view.getUint32(4 * i);
    }
    for (let i = 16; i < 64; i++) {
      W[i] = small1(W[i - 2]!) + W[i - 7]! + small0(W[i - 15]!) + W[i - 16]!;
    }
    const state = this.#state;
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
    let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const t1 = (h + big1(e) + ((e & f) ^ (~e & g)) + K[i]! + W[i]!) | 0;
      const t2 = (big0(a) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i]! += word;
    });
  }
}

/** The words of the block that is being compressed. They are shared, because nothing else runs meanwhile. */
const W = new Uint32Array(64);

/** HMAC with one key, which is prepared once for any number of messages. */
export class HmacSha256 {
  readonly #inner: Sha256;
  readonly #outer: Sha256;

  constructor(key: Uint8Array) {
    const block = new Uint8Array(BLOCK);
    block.set(key.length > BLOCK ? new Sha256().update(key).digest() : key);
    this.#inner = new Sha256().update(block.map((byte) => byte ^ 0x36));
    this.#outer = new Sha256().update(block.map((byte) => byte ^ 0x5c));
  }

  /** @param parts of one message */
  digest(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
    const inner = new Sha256(this.#inner);
    for (const part of parts) {
      inner.update(part);
    }
    return new Sha256(this.#outer).update(inner.digest()).digest();
  }
}

function rotate(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n));
}

function small0(x: number): number {
  return rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
}

function small1(x: number): number {
  return rotate(x, 17) ^ rotate(x, 19) ^ (x >>> 10);
}

function big0(x: number): number {
  return rotate(x, 2) ^ rotate(x, 13) ^ rotate(x, 22);
}

function big1(x: number): number {
  return rotate(x, 6) ^ rotate(x, 11) ^ rotate(x, 25);
}

function fractions(count: number, root: (prime: number) => number): number[] {
  const words: number[] = [];
  for (let n = 2; words.length < count; n++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= n && prime; divisor++) {
      prime = n % divisor !== 0;
    }
    if (prime) {
      words.push(Math.floor((root(n) % 1) * 2 ** 32));
    }
  }
  return words;
}

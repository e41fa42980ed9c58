// SPDX-License-Identifier: MIT

import type { BoardFiles } from '../files/board-files.ts';
import { Sha256 } from '../protocol/sha256.ts';
import { plainSurface } from './plain.ts';
import type { MakeSurface } from './surface.ts';

declare global {
  /** SHA-256 of the editor's file in hex, known when the page is built. */
  const EDITOR_DIGEST: string;
}

/** Where a board without the editor in its firmware may have it. */
export const EDITOR_FILE = 'webrepl_editor.js.gz';

let loading: Promise<MakeSurface | null> | null = null;

/**
 * Fetches the editor when it is first needed: from the board that the page came from, else from a board's files. The
 * page's policy lets only this very file run.
 *
 * @param files of a board, if there is a session
 * @returns the plain field if there is no editor
 */
export async function loadEditor(files: BoardFiles | null): Promise<MakeSurface> {
  loading ??= load(files);
  const found = await loading;
  if (found === null) {
    loading = null; // the next board may have it
  }
  return found ?? plainSurface;
}

async function load(files: BoardFiles | null): Promise<MakeSurface | null> {
  if (import.meta.env.DEV) {
    await import('./code/main.ts');
    return window.webreplEditor!;
  }
  for (const source of [fromFirmware, fromFiles]) {
    const code = await source(files).catch(() => null);
    if (code !== null && digestOf(code) === EDITOR_DIGEST) {
      run(code);
      return window.webreplEditor ?? null;
    }
  }
  return null;
}

/** Not relative to the page's own address: fetch() refuses one with a user name in it. */
async function fromFirmware(): Promise<string | null> {
  const answer = await fetch(`${location.origin}${location.pathname}?editor`);
  return answer.ok ? answer.text() : null;
}

async function fromFiles(files: BoardFiles | null): Promise<string | null> {
  if (files === null) {
    return null;
  }
  const packed = new Blob([(await files.get(EDITOR_FILE)) as Uint8Array<ArrayBuffer>]);
  return new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

function digestOf(code: string): string {
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(code));
  return hex(hash.digest());
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Policy {
  createScript(code: string): string;
}

declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

/** The digest is checked by us and, as the policy names it, by the browser. */
function run(code: string): void {
  const rules: Policy = { createScript: (text) => text };
  const policy = typeof trustedTypes === 'undefined' ? rules : trustedTypes.createPolicy('editor', rules);
  const script = document.createElement('script');
  script.text = policy.createScript(code);
  document.head.append(script);
  script.remove();
}

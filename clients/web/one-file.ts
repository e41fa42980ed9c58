// SPDX-License-Identifier: MIT

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

const PAGE = 'page.html';

/** The most flash that the page may take on a board. */
const BUDGET_BYTES = 120 * 1024;

/** Licence texts that must accompany the code. */
const LICENCES = ['@xterm/xterm', '@xterm/addon-fit', '@xterm/addon-search', 'prismjs'];

/**
 * Folds script and styles into the page, adds its Content-Security-Policy, and leaves `page.html` and `page.html.gz`
 * and nothing else. The same sources give the same bytes.
 */
export function oneFile(): Plugin {
  return {
    name: 'one-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const html = Buffer.from(fold(bundle), 'utf8');
      const gzip = gzipSync(html, { level: 9 });
      if (gzip.length > BUDGET_BYTES) {
        this.error(`${PAGE}.gz takes ${gzip.length} bytes, more than the ${BUDGET_BYTES} allowed`);
      }
      for (const name of Object.keys(bundle)) {
        delete bundle[name];
      }
      this.emitFile({ type: 'asset', fileName: PAGE, source: html });
      this.emitFile({ type: 'asset', fileName: `${PAGE}.gz`, source: stripOrigin(gzip) });
      this.info(`${PAGE}.gz: ${gzip.length} bytes`);
    },
  };
}

function fold(bundle: Rollup.OutputBundle): string {
  const files = Object.values(bundle);
  const script = only(files.filter((file) => file.type === 'chunk')).code.trim();
  const style = text(only(files.filter((file) => file.fileName.endsWith('.css')))).trim();
  const page = text(only(files.filter((file) => file.fileName.endsWith('.html'))));

  const inlineScript = script.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
  const policy = contentSecurityPolicy(inlineScript);
  const folded = page
    .replace(/<!--.*?-->/gs, '')
    .replace(/<meta charset[^>]*>/, (tag) => `${tag}<meta http-equiv="Content-Security-Policy" content="${policy}">`)
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
    .replace(/<script type="module"[^>]*src=[^>]*><\/script>/, '')
    .replace(/>\s+</g, '><')
    .replace('</body>', () => `<script type="module">${inlineScript}</script></body>`);
  const loads = /<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?!data:)[^"]*"/.exec(folded);
  if (loads) {
    throw new Error(`The page would load something: ${loads[0]}`);
  }
  return `${folded.trimEnd()}\n<!--\n${LICENCES.map(licence).join('\n')}-->\n`;
}

/** Only this very script runs. xterm.js writes its own style elements, so styles cannot be held to a hash. */
function contentSecurityPolicy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "connect-src 'self' ws: wss:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function licence(packageName: string): string {
  return `${packageName}\n${readFileSync(`node_modules/${packageName}/LICENSE`, 'utf8').trim()}\n`;
}

/** Byte 9 of a gzip head names the system that packed it. */
function stripOrigin(gzip: Buffer): Buffer {
  gzip[9] = 0xff;
  return gzip;
}

function only<T>(items: T[]): T {
  const [item, ...more] = items;
  if (item === undefined || more.length > 0) {
    throw new Error(`Expected one file, found ${items.length}`);
  }
  return item;
}

function text(file: Rollup.OutputAsset | Rollup.OutputChunk): string {
  if (file.type !== 'asset') {
    throw new Error(`${file.fileName} is code`);
  }
  return Buffer.from(file.source).toString('utf8');
}

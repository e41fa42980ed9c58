// SPDX-License-Identifier: MIT

import type { Plugin, Rollup } from 'vite';
import { licences, packed, policyHash } from './pack.ts';

const PAGE = 'page.html';

/** The most flash that the page may take on a board. */
const BUDGET_BYTES = 120 * 1000;

/** Licence texts that must accompany the code. */
const LICENCES = ['@xterm/xterm', '@xterm/addon-fit', '@xterm/addon-search'];

/**
 * Folds script and styles into the page, adds its Content-Security-Policy, and leaves `page.html` and `page.html.gz`
 * and nothing else. The same sources give the same bytes.
 *
 * @param editor the code of the editor, which the page may run although it is in another file
 */
export function oneFile(editor: string): Plugin {
  return {
    name: 'one-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const html = fold(bundle, editor);
      const gzip = packed(`${PAGE}.gz`, html, BUDGET_BYTES);
      for (const name of Object.keys(bundle)) {
        delete bundle[name];
      }
      this.emitFile({ type: 'asset', fileName: PAGE, source: html });
      this.emitFile({ type: 'asset', fileName: `${PAGE}.gz`, source: gzip });
      this.info(`${PAGE}.gz: ${gzip.length} bytes`);
    },
  };
}

function fold(bundle: Rollup.OutputBundle, editor: string): string {
  const files = Object.values(bundle);
  const script = only(files.filter((file) => file.type === 'chunk')).code.trim();
  const style = text(only(files.filter((file) => file.fileName.endsWith('.css')))).trim();
  const page = text(only(files.filter((file) => file.fileName.endsWith('.html'))));

  const inlineScript = script.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
  const policy = contentSecurityPolicy([inlineScript, editor]);
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
  return `${folded.trimEnd()}\n<!--\n${licences(LICENCES)}-->\n`;
}

/** Only these very scripts run. xterm.js writes its own style elements, so styles cannot be held to a hash. */
function contentSecurityPolicy(scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(policyHash).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "connect-src 'self' ws: wss: http: https:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types editor',
  ].join('; ');
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

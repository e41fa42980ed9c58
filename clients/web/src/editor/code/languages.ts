// SPDX-License-Identifier: MIT

import { StreamLanguage, type StreamParser } from '@codemirror/language';
import { css } from '@codemirror/legacy-modes/mode/css';
import { javascript, json } from '@codemirror/legacy-modes/mode/javascript';
import { python } from '@codemirror/legacy-modes/mode/python';
import { html } from '@codemirror/legacy-modes/mode/xml';
import type { Extension } from '@codemirror/state';

const LANGUAGES: Record<string, StreamParser<unknown>> = {
  py: python as StreamParser<unknown>,
  pyi: python as StreamParser<unknown>,
  json: json as StreamParser<unknown>,
  js: javascript as StreamParser<unknown>,
  mjs: javascript as StreamParser<unknown>,
  html: html as StreamParser<unknown>,
  htm: html as StreamParser<unknown>,
  xml: html as StreamParser<unknown>,
  svg: html as StreamParser<unknown>,
  css: css as StreamParser<unknown>,
};

/** By the end of its name; none for what nobody knows. */
export function languageOf(path: string): Extension {
  const parser = LANGUAGES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
  return parser === undefined ? [] : StreamLanguage.define(parser);
}

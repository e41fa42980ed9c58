// SPDX-License-Identifier: MIT

import Prism, { type Grammar, type TokenStream } from 'prismjs';
import 'prismjs/components/prism-python';
import 'prismjs/components/prism-json';
import { make } from '../dom.ts';

// It would colour the page by itself.
Prism.manual = true;

const LANGUAGES: Record<string, string> = {
  py: 'python',
  json: 'json',
  js: 'javascript',
  mjs: 'javascript',
  html: 'markup',
  htm: 'markup',
  xml: 'markup',
  svg: 'markup',
  css: 'css',
};

export function grammarOf(name: string): Grammar | null {
  const language = LANGUAGES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
  return (language !== undefined && Prism.languages[language]) || null;
}

/** The same text, with an element of class `token <kind>` around each token. It consists of nodes, so no text is taken
 * for markup. */
export function highlighted(text: string, grammar: Grammar | null): DocumentFragment {
  const fragment = document.createDocumentFragment();
  append(fragment, grammar === null ? text : Prism.tokenize(text, grammar));
  return fragment;
}

function append(parent: Node & ParentNode, stream: TokenStream): void {
  if (typeof stream === 'string') {
    parent.append(stream);
  } else if (Array.isArray(stream)) {
    for (const part of stream) {
      append(parent, part);
    }
  } else {
    const token = make('span', { className: `token ${stream.type}` });
    append(token, stream.content);
    parent.append(token);
  }
}

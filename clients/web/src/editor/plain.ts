// SPDX-License-Identifier: MIT

import { make } from '../dom.ts';
import type { Surface } from './surface.ts';
import { difference } from './text.ts';

const INDENT = '    ';

/** A text field, for boards that have no editor of their own. What people type, they can undo. */
export function plainSurface(path: string, text: string, onChange: () => void): Surface {
  const field = make('textarea', {
    value: text, spellcheck: false, autocapitalize: 'off', wrap: 'off', 'aria-label': `Text of ${path}`,
    'aria-description': 'Escape, then Tab, leaves the text',
  });
  const other = make('textarea', { readOnly: true, wrap: 'off', 'aria-label': `${path} on the board`, hidden: true });
  const element = make('div', { className: 'plain' }, field, other);
  field.addEventListener('input', onChange);
  listenToTab(field);
  return {
    element,
    get text() {
      return field.value;
    },
    get selected() {
      return field.value.slice(field.selectionStart, field.selectionEnd) || lineAt(field);
    },
    replace: (now) => {
      const { from, to, insert } = difference(field.value, now);
      type(field, from, to, insert);
    },
    compare: (theirs) => {
      other.hidden = theirs === null;
      other.value = theirs ?? '';
    },
    goTo: (line) => {
      const at = field.value.split('\n').slice(0, line - 1).join('\n').length + Number(line > 1);
      field.focus();
      field.setSelectionRange(at, at);
    },
    find: () => field.focus(), // the browser's own search finds text in fields
    focus: () => field.focus(),
    end: () => element.remove(),
  };
}

function lineAt(field: HTMLTextAreaElement): string {
  const at = field.selectionStart;
  return field.value.slice(field.value.lastIndexOf('\n', at - 1) + 1).split('\n')[0] ?? '';
}

/** Scripts that set the text empty the history of undo; this command, old as it is, adds to it. */
function type(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  if (from === to && text === '') {
    return;
  }
  field.focus();
  field.setSelectionRange(from, to);
  const done = text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text);
  if (!done) {
    field.setRangeText(text, from, to, 'end');
    field.dispatchEvent(new Event('input'));
  }
}

/** Tab indents, Shift-Tab dedents. After Escape both belong to the browser, for people without a mouse. */
function listenToTab(field: HTMLTextAreaElement): void {
  let leaves = false;
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Tab' && !leaves && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      indent(field, event.shiftKey);
    }
    leaves = event.key === 'Escape' || (leaves && event.key === 'Shift');
  });
}

function indent(field: HTMLTextAreaElement, back: boolean): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  if (from === to && !back) {
    type(field, from, to, INDENT);
    return;
  }
  const start = value.lastIndexOf('\n', from - 1) + 1;
  // A line of which nothing is selected but its start stays as it is.
  const end = to > from && value[to - 1] === '\n' ? to - 1 : to;
  const lineEnd = value.indexOf('\n', end);
  const stop = lineEnd < 0 ? value.length : lineEnd;
  const now = value.slice(start, stop).replace(back ? /^(?: {1,4}|\t)/gm : /^(?=.)/gm, back ? '' : INDENT);
  type(field, start, stop, now);
  field.setSelectionRange(start, start + now.length);
}

// SPDX-License-Identifier: MIT

/** The editor: CodeMirror, in a file of its own that the page fetches when somebody first opens a file. */

import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { unifiedMergeView } from '@codemirror/merge';
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { Surface } from '../surface.ts';
import { difference } from '../text.ts';
import { languageOf } from './languages.ts';
import { look } from './look.ts';

const INDENT = 4;

/** Within a line, Tab goes to the next stop; at its beginning, or with a selection, it indents. */
function tab(view: EditorView): boolean {
  const { main } = view.state.selection;
  const line = view.state.doc.lineAt(main.head);
  const before = line.text.slice(0, main.head - line.from);
  if (!main.empty || before.trim() === '') {
    return indentMore(view);
  }
  view.dispatch(view.state.replaceSelection(' '.repeat(INDENT - (before.length % INDENT))), { userEvent: 'input' });
  return true;
}

const basics: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  indentUnit.of(' '.repeat(INDENT)),
  EditorState.tabSize.of(INDENT),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([{ key: 'Tab', run: tab, shift: indentLess }, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
  look,
];

window.webreplEditor = (path, text, onChange): Surface => {
  const comparison = new Compartment();
  const view = new EditorView({
    doc: text,
    extensions: [
      basics,
      languageOf(path),
      comparison.of([]),
      EditorView.contentAttributes.of({
        'aria-label': `Text of ${path}`, 'aria-description': 'Escape, then Tab, leaves the text', spellcheck: 'false',
      }),
      EditorView.updateListener.of((update) => update.docChanged && onChange()),
    ],
  });
  return {
    element: view.dom,
    get text() {
      return view.state.doc.toString();
    },
    get selected() {
      const { from, to, head, empty } = view.state.selection.main;
      return empty ? view.state.doc.lineAt(head).text : view.state.sliceDoc(from, to);
    },
    replace: (now) => view.dispatch({ changes: difference(view.state.doc.toString(), now), userEvent: 'input.replace' }),
    compare: (original) => view.dispatch({
      effects: comparison.reconfigure(original === null ? [] : unifiedMergeView({ original, mergeControls: false })),
    }),
    goTo: (line) => {
      const { from } = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
      view.focus();
    },
    find: () => openSearchPanel(view),
    focus: () => view.focus(),
    end: () => view.destroy(),
  };
};

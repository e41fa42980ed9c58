// SPDX-License-Identifier: MIT

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** All colours are in the page's style sheet, so that they follow the theme. */
const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue], color: 'var(--ansi-green)' },
  { tag: [tags.number, tags.bool, tags.atom, tags.null], color: 'var(--ansi-yellow)' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.tagName], color: 'var(--ansi-magenta)' },
  { tag: [tags.propertyName, tags.attributeName, tags.function(tags.variableName)], color: 'var(--ansi-blue)' },
  { tag: [tags.definition(tags.variableName), tags.className, tags.typeName], color: 'var(--ansi-blue)' },
  { tag: [tags.standard(tags.variableName), tags.special(tags.variableName)], color: 'var(--ansi-cyan)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--ground)', fontSize: 'var(--text-size)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5', scrollbarWidth: 'thin', scrollbarColor: 'var(--line) transparent' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 14px 0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--muted)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 6px 0 14px', minWidth: '34px' },
  '.cm-activeLine': { backgroundColor: 'var(--active-line)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--selection)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--match)' },
  '.cm-searchMatch': { backgroundColor: 'var(--match)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--match-active)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--selection)', outline: 'none' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '5px 34px 5px 10px' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { margin: '3px 6px 3px 0', fontSize: '13px', verticalAlign: 'middle' },
  '.cm-panel.cm-search .cm-textfield': { width: 'clamp(110px, 20%, 170px)', height: '30px', minHeight: '30px', padding: '0 8px', border: '1px solid var(--line)', borderRadius: '6px', backgroundColor: 'var(--ground)', font: '13px var(--mono)' },
  '.cm-panel.cm-search .cm-button': { height: '30px', minHeight: '30px', padding: '0 9px', border: '1px solid var(--line)', borderRadius: '6px', background: 'var(--raised)' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px', color: 'var(--muted)' },
  '.cm-panel.cm-search input[type=checkbox]': { width: 'auto', height: 'auto', minHeight: '0' },
  '.cm-panel.cm-search [name=close]': { position: 'absolute', top: '8px', right: '8px', width: '26px', height: '26px', minHeight: '26px', fontSize: '18px', color: 'var(--muted)' },
  '.cm-changedLine': { backgroundColor: 'var(--added) !important' },
  '.cm-changedText': { background: 'none !important', backgroundColor: 'var(--added-text) !important' },
  '.cm-insertedLine': { textDecoration: 'none' },
  '.cm-deletedChunk': { backgroundColor: 'var(--removed) !important', paddingLeft: '8px' },
  '.cm-deletedChunk .cm-deletedText': { backgroundColor: 'var(--removed-text) !important' },
  '.cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none' },
  '.cm-changeGutter': { width: '3px', paddingLeft: '1px' },
  '.cm-changedLineGutter': { backgroundColor: 'var(--good)' },
  '.cm-deletedLineGutter': { backgroundColor: 'var(--bad)' },
});

export const look: Extension = [theme, syntaxHighlighting(colours)];

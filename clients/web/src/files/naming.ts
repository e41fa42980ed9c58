// SPDX-License-Identifier: MIT

import { ask } from '../dom.ts';

/** Asks for the name of a file or folder; null if the question was cancelled. The proposal's extension stays if only the rest is typed. */
export function askName(title: string, proposal: string, action: string): Promise<string | null> {
  const extension = extensionOf(proposal);
  return ask(title, proposal, action, () => [], (input) => {
    input.setSelectionRange(0, proposal.length - extension.length);
    input.addEventListener('input', (event) => {
      if (bringsExtension((event as InputEvent).data ?? '', input.value, input.selectionEnd!, extension)) {
        input.value = input.value.slice(0, input.selectionEnd!);
      }
    });
  });
}

/** With its dot; '' if there is none. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '';
}

/**
 * Whether people are typing, or have pasted, an extension of their own right before the proposed one.
 *
 * @param typed just now
 * @param caret where it ends in the value
 */
export function bringsExtension(typed: string, value: string, caret: number, extension: string): boolean {
  return typed.includes('.') && extension !== '' && value.slice(caret) === extension;
}

// SPDX-License-Identifier: MIT

/** Where one file's text is edited. There is a plain one in the page, and one in a file of its own. */
export interface Surface {
  readonly element: HTMLElement;
  readonly text: string;
  /** The selected text; without a selection, the line of the cursor. */
  readonly selected: string;
  /** Changes the text in a step that can be undone. */
  replace(text: string): void;
  /** Shows how the text differs from another one; null: no longer. */
  compare(other: string | null): void;
  /** @param line counted from 1 */
  goTo(line: number): void;
  find(): void;
  focus(): void;
  end(): void;
}

/** @param onChange called whenever the text changes */
export type MakeSurface = (path: string, text: string, onChange: () => void) => Surface;

declare global {
  interface Window {
    /** Set by the editor's own file, once that has run. */
    webreplEditor?: MakeSurface;
  }
}

// SPDX-License-Identifier: MIT

/** Looks up the elements of one board; see `index.html` for their names. */
export type Parts = <T extends HTMLElement = HTMLElement>(name: string) => T;

const REFERENCES = ['id', 'for', 'aria-describedby'];

/**
 * Makes another copy of the board's markup.
 *
 * @param index 0 for the first board, whose elements keep their names as they are; those of others end in a number
 */
export function copyOfBoard(index: number): { root: HTMLElement; parts: Parts } {
  const template = document.getElementById('board-template') as HTMLTemplateElement;
  const root = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
  const suffix = index === 0 ? '' : `-${index + 1}`;
  for (const name of REFERENCES) {
    root.querySelectorAll(`[${name}]`).forEach((element) => {
      element.setAttribute(name, element.getAttribute(name) + suffix);
    });
  }
  return { root, parts: (name) => root.querySelector(`#${name}${suffix}`)! };
}

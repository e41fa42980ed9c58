// SPDX-License-Identifier: MIT

type Child = Node | string;

/** Makes an element. A name that is not one of its properties is set as an attribute. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  settings: Record<string, string | boolean | number> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name in element) {
      Object.assign(element, { [name]: value });
    } else {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing of one path on a field of 16 by 16. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** Gives a blob to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  make('a', { href: url, download: name }).click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Asks for a line of text; null if the question was cancelled.
 *
 * @param below  shown below the line; the function that it gets answers in place of the person
 * @param opened called with the line once it is shown; without it, all is selected
 */
export function ask(
  title: string,
  value: string,
  action: string,
  below: (answer: (text: string) => void) => HTMLElement[] = () => [],
  opened: (input: HTMLInputElement) => void = (input) => input.select(),
): Promise<string | null> {
  const input = make('input', { value, required: true, autocomplete: 'off', spellcheck: false, 'aria-label': title });
  const answer = (text: string) => {
    input.value = text;
    input.form!.requestSubmit(input.form!.querySelector<HTMLElement>('.primary'));
  };
  return question(title, [input, ...below(answer)], action, () => input.value, () => opened(input));
}

/** Asks for consent. */
export async function confirmed(title: string, message: string, action: string): Promise<boolean> {
  return (await question(title, [make('p', {}, message)], action, () => 'yes')) !== null;
}

/** Asks which of several things to do, the likeliest last; null for none of them. */
export function choose(title: string, message: string, actions: readonly string[]): Promise<string | null> {
  const others = actions.slice(0, -1).map((action) => make('button', { type: 'submit', value: action }, action));
  return question(title, [make('p', {}, message)], actions.at(-1)!, (value) => (value === 'yes' ? actions.at(-1)! : value), () => {}, others);
}

function question(
  title: string,
  content: HTMLElement[],
  action: string,
  answer: (value: string) => string,
  opened: () => void = () => {},
  others: HTMLElement[] = [],
): Promise<string | null> {
  const cancel = make('button', { type: 'button' }, 'Cancel');
  const form = make('form', { method: 'dialog' },
    make('h2', {}, title), ...content,
    make('div', { className: 'choices' }, cancel, ...others, make('button', { type: 'submit', value: 'yes', className: 'primary' }, action)));
  const dialog = make('dialog', { className: 'question', 'aria-label': title }, form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    cancel.addEventListener('click', () => dialog.close(''));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === '' ? null : answer(dialog.returnValue));
    });
    dialog.showModal();
    opened();
  });
}

// SPDX-License-Identifier: MIT

import { FilePanel } from './files/panel.ts';
import { fillKeyBar } from './keys.ts';
import { copyOfBoard, type Parts } from './parts.ts';
import { Terminal } from './terminal.ts';
import { View } from './view.ts';
import { type Status, WebRepl } from './webrepl.ts';

const INTERRUPT = '\x03';

/** One board on the page: its session, its terminal, its files. */
export class Board {
  readonly root: HTMLElement;
  readonly session: WebRepl;
  readonly #parts: Parts;
  readonly #terminal: Terminal;
  readonly #view: View;
  readonly #panel: FilePanel;
  #used = false;

  /**
   * @param place    where its markup goes
   * @param index    0 for the first board, see `copyOfBoard()`
   * @param onStatus called at every change of the session's state
   */
  constructor(place: HTMLElement, index: number, url: URL, onStatus: () => void) {
    const { root, parts } = copyOfBoard(index);
    this.root = root;
    this.#parts = parts;
    place.append(root);
    this.#terminal = new Terminal(parts, (keys) => this.#type(keys), (columns, rows) => this.session?.resize(columns, rows));
    this.session = new WebRepl(url, {
      onOutput: (text) => this.#output(text),
      onStatus: (status) => {
        this.#show(status);
        onStatus();
      },
    });
    this.#view = new View(root, parts, url.host, {
      onLogin: (password) => this.session.login(password),
      onConnect: () => this.session.connect(),
      onDisconnect: () => this.session.disconnect(),
      onTakeOver: () => this.session.connect('takeover'),
      onWatch: () => this.session.connect('watch'),
    });
    this.#panel = new FilePanel(parts('files'), { run: (path) => this.#run(path) });
    fillKeyBar(parts('keys'), (keys) => this.#terminal.type(keys));
    this.#listen();
  }

  /** One word for its state. */
  get label(): string {
    return this.#view.label;
  }

  /** Everything the terminal holds. */
  text(): string {
    return this.#terminal.text();
  }

  /** Ends the session and takes the board off the page. */
  close(): void {
    this.session.disconnect();
    this.#view.end();
    this.root.remove();
  }

  #listen(): void {
    const reader = this.#parts('reader');
    reader.addEventListener('click', () => {
      this.#terminal.screenReader = toggle(reader);
    });
    const files = this.#parts('files-toggle');
    files.addEventListener('click', () => {
      this.#parts('files').hidden = !toggle(files);
    });
    this.#parts('search-toggle').addEventListener('click', () => this.#terminal.search());
    this.root.addEventListener('keydown', (event) => {
      if (event.altKey && !event.ctrlKey && event.key.toLowerCase() === 'f' && !files.hidden) {
        event.preventDefault();
        files.click();
      }
    });
  }

  #type(keys: string): void {
    if (keys === INTERRUPT) {
      this.session.interrupt();
    } else {
      this.session.send(keys);
    }
  }

  #output(text: string): void {
    this.#used = true;
    this.#terminal.write(text);
  }

  #show(status: Status): void {
    this.#view.show(status, this.#used);
    const files = this.session.files;
    const toggleButton = this.#parts('files-toggle');
    toggleButton.hidden = files === null && toggleButton.getAttribute('aria-pressed') !== 'true';
    if (status.state === 'connected') {
      // What the last session left may end in the middle of a line.
      this.#terminal.write(this.#used ? '\r\n' : '');
      this.#terminal.focus();
      this.session.resize(this.#terminal.size.columns, this.#terminal.size.rows);
    }
    void this.#panel.show(files, files?.root ?? '');
  }

  #run(path: string): void {
    this.#terminal.focus();
    this.session.interrupt();
    this.session.paste(`exec(open(${JSON.stringify(path)}).read())\n`);
  }
}

function toggle(button: HTMLElement): boolean {
  const on = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', String(on));
  return on;
}

// SPDX-License-Identifier: MIT

import { answersHttp, isOwn } from './address.ts';
import { make } from './dom.ts';
import { EditorPane } from './editor/pane.ts';
import { FilePanel } from './files/panel.ts';
import { fillKeyBar } from './keys.ts';
import { knowVersion } from './known.ts';
import { literal } from './literal.ts';
import { rememberSecond, spokeSecond } from './memory.ts';
import { copyOfBoard, type Parts } from './parts.ts';
import { Plot } from './plot/plot.ts';
import { Prompt } from './prompt/prompt.ts';
import { label, pressed, type Shortcut } from './shortcuts.ts';
import { splitter } from './split.ts';
import { Terminal } from './terminal.ts';
import { View } from './view.ts';
import { viewMenu } from './view-menu.ts';
import { type Status, WebRepl } from './webrepl.ts';

const INTERRUPT = '\x03';

/** A program that catches KeyboardInterrupt may go on; then nothing is run. */
const PROMPT_TIMEOUT_MS = 3000;
const POLL_MS = 20;

/** One board on the page: its session, its terminal, its files. */
export class Board {
  readonly root: HTMLElement;
  readonly session: WebRepl;
  readonly #parts: Parts;
  readonly #terminal: Terminal;
  readonly #prompt: Prompt;
  readonly #view: View;
  readonly #panel: FilePanel;
  readonly #editor: EditorPane;
  readonly #plot: Plot;
  readonly #gone = new AbortController();
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
    this.#terminal = new Terminal(parts, {
      onKeys: (keys) => this.#type(keys),
      onSize: (columns, rows) => this.session?.resize(columns, rows),
      onPlace: (path, line) => void this.#editor.open(path, line).catch(() => {}),
    }, this.#gone.signal);
    this.#prompt = new Prompt((keys) => this.session.send(keys), this.#terminal);
    this.session = new WebRepl(url, {
      second: isOwn(url) || spokeSecond(url.href),
      answersHttp: () => answersHttp(url),
      onOutput: (text) => this.#output(text),
      onStatus: (status) => {
        if (status.state === 'connected' && status.edition === 2) {
          rememberSecond(url.href);
          knowVersion(url.href, this.session.version);
        }
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
      onClassic: () => this.session.connectClassic(),
    });
    this.#panel = new FilePanel(parts('files'), {
      edit: (path) => this.#editor.open(path),
      run: (path) => void this.#run(path),
      onRenamed: (from, to) => this.#editor.renamed(from, to),
    });
    this.#editor = new EditorPane(parts('editor'), url.href, {
      run: (path) => void this.#run(path),
      runText: (code) => void this.#runText(code),
      onSaved: (path) => this.#panel.changed(path),
      onShown: (open) => this.#showEditor(open),
    }, this.#gone.signal);
    this.#plot = new Plot(parts('plot'), this.#gone.signal);
    this.#addView();
    fillKeyBar(parts('keys'), (keys) => this.#terminal.type(keys));
    this.#listen();
  }

  /** One word for its state. */
  get label(): string {
    return this.#view.label;
  }

  /** Something typed, or a file, is not on the board yet. */
  get unsaved(): boolean {
    return this.#editor.unsaved || this.#panel.busy;
  }

  /** Of the terminal. */
  get columns(): number {
    return this.#terminal.columns;
  }

  /** Everything the terminal holds. */
  text(): string {
    return this.#terminal.text();
  }

  /** For a board that somebody has just added: its login form, once it is there, may have the keyboard. */
  focus(): void {
    this.#view.focus();
  }

  /** Ends the session and takes the board off the page. */
  close(): void {
    this.session.disconnect();
    this.#view.end();
    this.#gone.abort();
    this.root.remove();
  }

  #addView(): void {
    const plotter = make('button', { type: 'button', 'aria-pressed': 'false', title: 'Draws lines of numbers as curves' }, 'Plotter');
    plotter.addEventListener('click', () => {
      this.#plot.element.hidden = !toggle(plotter);
    });
    viewMenu(this.#parts('view'), this.#parts('view-menu'), [plotter], this.#gone.signal);
    const name = this.root.getAttribute('aria-label') ?? '';
    splitter(this.#parts('files'), 'files', `Width of the files of ${name}`);
    splitter(this.#parts('editor'), 'editor', `Size of the editor of ${name}`);
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
    const editor = this.#parts('editor-toggle');
    editor.addEventListener('click', () => {
      this.#parts('editor').hidden = !toggle(editor);
    });
    this.#parts('search-toggle').addEventListener('click', () => this.#terminal.search());
    this.#listenToShortcuts({ files, editor, search: this.#parts('search-toggle') });
  }

  /** Before the terminal does, which takes every key for the board's. */
  #listenToShortcuts(buttons: Record<Shortcut, HTMLElement>): void {
    for (const [name, button] of Object.entries(buttons)) {
      button.title += ` (${label(name as Shortcut)})`;
    }
    this.root.addEventListener('keydown', (event) => {
      const name = pressed(event);
      if (name !== undefined && !buttons[name].hidden) {
        event.preventDefault();
        event.stopPropagation();
        buttons[name].click();
      }
    }, { capture: true });
  }

  #type(keys: string): void {
    if (keys === INTERRUPT) {
      this.#prompt.cancel();
      this.session.interrupt();
    } else {
      this.#prompt.type(keys);
    }
  }

  #output(text: string): void {
    this.#used = true;
    this.#prompt.hear(text);
    this.#plot.hear(text);
  }

  #show(status: Status): void {
    this.#view.show(status, this.#used);
    const files = this.session.files;
    const toggleButton = this.#parts('files-toggle');
    toggleButton.hidden = files === null && toggleButton.getAttribute('aria-pressed') !== 'true';
    this.#prompt.reset();
    if (status.state === 'connected') {
      // What the last session left may end in the middle of a line.
      this.#terminal.write(this.#used ? '\r\n' : '');
      this.#focusTerminal();
      this.session.resize(this.#terminal.size.columns, this.#terminal.size.rows);
    }
    this.#editor.show(files);
    void this.#panel.show(files);
  }

  /** Unless people are busy with something else on the page. */
  #focusTerminal(): void {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body || this.#parts('panel').contains(activeElement)) {
      this.#terminal.focus();
    }
  }

  #showEditor(open: boolean): void {
    const button = this.#parts('editor-toggle');
    button.hidden = !open;
    button.setAttribute('aria-pressed', String(open));
    this.#parts('editor').hidden = !open;
    if (open) {
      this.#uncover();
    } else {
      this.#terminal.focus();
    }
  }

  /** On a narrow board the files lie over the editor and the terminal: they make way for what has just begun there. */
  #uncover(): void {
    const files = this.#parts('files');
    if (!files.hidden && getComputedStyle(files).position === 'absolute') {
      this.#parts('files-toggle').click();
    }
  }

  async #run(path: string): Promise<void> {
    this.#uncover();
    if (await this.#emptyPrompt()) {
      this.session.paste(`execfile(${literal(path)})\n`);
    }
  }

  async #runText(code: string): Promise<void> {
    if (code.trim() !== '' && (await this.#emptyPrompt())) {
      this.#prompt.run(code);
    }
  }

  /** Waits for a prompt with nothing typed; interrupts what stands in the way. */
  async #emptyPrompt(): Promise<boolean> {
    const isEmpty = () => {
      const at = this.#terminal.prompt();
      return at !== null && at.above.length === 0 && at.before + at.after === '';
    };
    if (!isEmpty()) {
      this.#type(INTERRUPT);
    }
    for (const end = Date.now() + PROMPT_TIMEOUT_MS; !isEmpty() && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    if (!isEmpty()) {
      this.#terminal.write('\r\n\x1b[0;2m[The program does not end, so nothing else was run]\x1b[0m\r\n');
    }
    return isEmpty();
  }
}

function toggle(button: HTMLElement): boolean {
  const on = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', String(on));
  return on;
}

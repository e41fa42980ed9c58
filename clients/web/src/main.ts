// SPDX-License-Identifier: MIT

import './style.css';
import { boardUrl } from './address.ts';
import { fillKeyBar } from './keys.ts';
import { Terminal } from './terminal.ts';
import { View } from './view.ts';
import { WebRepl } from './webrepl.ts';

declare global {
  interface Window {
    /** The session, for scripts and tests; `text()` is everything the terminal holds. */
    webrepl: WebRepl & { text(): string };
  }
}

const INTERRUPT = '\x03';

function start(url: URL): void {
  let used = false;

  const terminal = new Terminal(document.getElementById('terminal')!, (keys) => {
    if (keys === INTERRUPT) {
      session.interrupt();
    } else {
      session.send(keys);
    }
  });

  const session = new WebRepl(url, {
    onOutput(text) {
      used = true;
      terminal.write(text);
    },
    onStatus(status) {
      view.show(status, used);
      if (status.state === 'connected') {
        // What the last session left may end in the middle of a line.
        terminal.write(used ? '\r\n' : '');
        terminal.focus();
      }
    },
  });

  const view = new View(url.host, {
    onLogin: (password) => session.login(password),
    onConnect: () => session.connect(),
    onDisconnect: () => session.disconnect(),
  });

  fillKeyBar(document.getElementById('keys')!, (keys) => terminal.type(keys));
  offerScreenReader(terminal);
  hurryRetry(session);
  window.webrepl = Object.assign(session, { text: () => terminal.text() });
  session.connect();
}

function offerScreenReader(terminal: Terminal): void {
  const button = document.getElementById('reader')!;
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    terminal.screenReader = on;
  });
}

/** Whoever looks at the page again, or is back in the network, does not want to wait for the next attempt. */
function hurryRetry(session: WebRepl): void {
  const hurry = () => {
    if (document.visibilityState === 'visible' && session.status.retryAfter !== null) {
      session.connect();
    }
  };
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
}

/** On-screen keyboards cover the page in some browsers; the page then ends above them. */
function followKeyboard(): void {
  const viewport = window.visualViewport;
  viewport?.addEventListener('resize', () => {
    document.documentElement.style.setProperty('--height', `${viewport.height}px`);
  });
}

followKeyboard();
window.addEventListener('hashchange', () => location.reload());
try {
  start(boardUrl(location));
} catch (error) {
  document.getElementById('title')!.textContent = 'No board';
  document.getElementById('message')!.textContent = error instanceof Error ? error.message : String(error);
}

// SPDX-License-Identifier: MIT

import './style.css';
import { boardUrl, treeUrl } from './address.ts';
import { Boards } from './boards.ts';
import { make } from './dom.ts';
import { FilesPage } from './files-page.ts';
import type { WebRepl } from './webrepl.ts';

declare global {
  interface Window {
    /** The first board's session, for scripts and tests; `text()` is everything the terminal holds. */
    webrepl: WebRepl & { text(): string };
    /** All boards that are open, the first one included. */
    boards: Boards;
  }
}

function start(place: HTMLElement, url: URL): void {
  const boards = new Boards(place, url);
  boards.start();
  hurryRetries(boards);
  warnOnLeaving(() => boards.all.some(({ unsaved }) => unsaved));
  window.boards = boards;
  window.webrepl = Object.assign(boards.first.session, { text: () => boards.first.text() });
}

function startFiles(place: HTMLElement, tree: URL): Promise<void> {
  const page = new FilesPage(place, tree);
  warnOnLeaving(() => page.unsaved);
  return page.start();
}

function warnOnLeaving(unsaved: () => boolean): void {
  window.addEventListener('beforeunload', (event) => {
    if (unsaved()) {
      event.preventDefault();
    }
  });
}

/** A person who returns to the page or the network should not have to wait for the next attempt. */
function hurryRetries(boards: Boards): void {
  const hurry = () => {
    for (const { session } of boards.all) {
      if (document.visibilityState === 'visible' && session.status.retryAfter !== null) {
        session.connect();
      }
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
const place = document.getElementById('boards')!;
try {
  const tree = treeUrl(location);
  if (tree === null) {
    start(place, boardUrl(location));
  } else {
    await startFiles(place, tree);
  }
} catch (error) {
  const sentence = error instanceof Error ? error.message : String(error);
  place.replaceChildren(make('p', { className: 'trouble', role: 'alert' }, sentence));
}

// SPDX-License-Identifier: MIT

/** Tells this tab from others that show pages of the same origin: they share what the browser keeps. */

const NAME = 'webrepl.tab';

/** How long another tab may take to answer; those in the background are slow. */
const ANSWER_MS = 5000;

type Word = { ask: true } | { here: string };

/** The name of this tab. It stays the same when the page is loaded again. */
export const ownTab = taken() ?? Math.random().toString(36).slice(2);

const channel = new BroadcastChannel(NAME);
const heard = new Set<string>();
channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
  if ('ask' in data) {
    channel.postMessage({ here: ownTab } satisfies Word);
  } else {
    heard.add(data.here);
  }
});
// Browsers copy what a tab has kept into those that it opens, so the name lies there only between two loads.
window.addEventListener('pagehide', () => leave(ownTab));
window.addEventListener('pageshow', () => taken());

/** Asks which tabs are open besides. */
export async function otherTabs(): Promise<ReadonlySet<string>> {
  channel.postMessage({ ask: true } satisfies Word);
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  return heard;
}

function taken(): string | null {
  try {
    const name = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    return name;
  } catch {
    return null;
  }
}

function leave(name: string): void {
  try {
    sessionStorage.setItem(NAME, name);
  } catch {
    // then it has another name after the next load
  }
}

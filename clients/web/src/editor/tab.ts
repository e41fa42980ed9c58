// SPDX-License-Identifier: MIT

/** Tells this tab from others that show pages of the same origin: they share what the browser keeps. */

const NAME = 'webrepl.tab';
const ANSWER_MS = 200;

type Word = { ask: true } | { here: string };

export interface Tabs {
  /** Stays the same when the page is loaded again. */
  readonly own: string;
  /** The tabs that are open besides. */
  readonly others: ReadonlySet<string>;
}

/** Asks the other tabs for their names. */
export const tabs: Promise<Tabs> = introduced();

async function introduced(): Promise<Tabs> {
  let own = remembered() ?? named();
  const others = new Set<string>();
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if ('ask' in data) {
      channel.postMessage({ here: own } satisfies Word);
    } else {
      others.add(data.here);
    }
  });
  channel.postMessage({ ask: true } satisfies Word);
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  if (others.has(own)) {
    own = named(); // a copy of another tab begins with what that has kept
  }
  return { own, others };
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

function named(): string {
  const name = Math.random().toString(36).slice(2);
  try {
    sessionStorage.setItem(NAME, name);
  } catch {
    // then it has another name after the next load
  }
  return name;
}

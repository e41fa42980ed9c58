// SPDX-License-Identifier: MIT

import { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';

/**
 * Keeps the terminal as large as its container, and at its last line if it was there.
 *
 * When an element grows, the browser moves its content to fill it and reports that as scrolling. xterm.js would think
 * that the user scrolled, and leave the prompt below the edge. So reports are ignored while the size changes.
 *
 * @param gone when the terminal leaves the page
 * @returns to be called when the text's size has changed
 */
export function keepFitted(xterm: Terminal, container: HTMLElement, gone: AbortSignal): () => void {
  const fit = new FitAddon();
  xterm.loadAddon(fit);
  const viewport = container.querySelector('.xterm-viewport')!;

  const atEnd = () => xterm.buffer.active.viewportY >= xterm.buffer.active.baseY;
  let following = true;
  let trustedHeight = 0;
  let frame = 0;

  const showEnd = () => {
    if (following) {
      xterm.scrollToBottom();
    }
  };
  const settle = () => {
    showEnd();
    trustedHeight = viewport.clientHeight;
  };

  viewport.addEventListener('scroll', () => {
    if (viewport.clientHeight === trustedHeight) {
      following = atEnd();
    }
  });
  const adapt = () => {
    trustedHeight = 0;
    fit.fit();
    showEnd();
    cancelAnimationFrame(frame);
    // The report comes with the next frame, what xterm.js makes of it with the one after.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(settle);
    });
  };
  const observer = new ResizeObserver(adapt);
  observer.observe(container);
  gone.addEventListener('abort', () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  });
  return adapt;
}

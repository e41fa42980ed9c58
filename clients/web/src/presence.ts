// SPDX-License-Identifier: MIT

import { answersHttp } from './address.ts';
import { decode, readHello } from './protocol/messages.ts';
import { duration, SUBPROTOCOL } from './protocol/second.ts';
import { Type } from './protocol/types.ts';

const CLOSE_BUSY = 4000;
/** Others are logging in; nobody may hold the terminal. */
const CROWDED = /^too many/;

/** What a board says to everybody, without a password. */
export async function presenceOf(url: URL): Promise<string> {
  const asksPassword = await greetingOf(url);
  if (asksPassword === null) {
    return (await answersHttp(url)) ? 'Online, does not let this page in' : 'No answer';
  }
  // A client of the first edition would hold the terminal of a board without a password.
  return asksPassword ? `Online${await holderOf(url)}` : 'Online, asks for no password';
}

/** Whether the board asks for a password; null if it opens no session. */
function greetingOf(url: URL): Promise<boolean | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, [SUBPROTOCOL]);
    socket.binaryType = 'arraybuffer';
    socket.onclose = () => resolve(null);
    socket.onmessage = ({ data }) => {
      resolve(asksPassword(data));
      socket.close(1000);
    };
  });
}

function asksPassword(data: unknown): boolean | null {
  const heard = data instanceof ArrayBuffer ? decode(new Uint8Array(data)) : null;
  return heard?.type === Type.HELLO ? readHello(heard.body).asksPassword : null;
}

/** In the first edition, a board whose terminal is in use asks for no password. It says who uses it, and hangs up. */
function holderOf(url: URL): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onclose = ({ code, reason }) => resolve(code === CLOSE_BUSY && !CROWDED.test(reason) ? inUse(reason) : '');
    socket.onmessage = ({ data }) => {
      if (String(data).startsWith('Password')) {
        resolve('');
        socket.close(1000);
      }
    };
  });
}

function inUse(reason: string): string {
  const told = /in use by (\S+) since (\d+) s/.exec(reason);
  return told === null ? ', in use' : `, in use by ${told[1]} for ${duration(Number(told[2]))}`;
}

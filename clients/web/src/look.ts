// SPDX-License-Identifier: MIT

import type { Status } from './webrepl.ts';

/** How a status appears to people. */
export interface Look {
  /** One word for the pill and the title. */
  readonly label: string;
  /** The label of the header's button, which ends a session or the attempt to connect; '' for no button. */
  readonly ending: string;
  readonly panel: 'none' | 'login' | 'notice';
  /** The form waits for the board's verdict. */
  readonly checking: boolean;
  /** The error of the last password, or ''. */
  readonly error: string;
  readonly title: string;
  readonly message: string;
  /** The label of the notice's button, or '' for no button. */
  readonly action: string;
  /** The holder of the terminal can be watched, or replaced. */
  readonly choices: boolean;
  /** The password would go over the network in clear. */
  readonly clear: boolean;
  /** The classic edition can be tried although the board knew the second one. */
  readonly classic: boolean;
}

const QUIET: Look = {
  label: 'Disconnected',
  ending: '',
  panel: 'notice',
  checking: false,
  error: '',
  title: '',
  message: '',
  action: '',
  choices: false,
  clear: false,
  classic: false,
};

/** Where the page comes from. */
export type Place = Pick<Location, 'host' | 'origin'>;

const NOWHERE: Place = { host: '', origin: '' };

/**
 * @param board  host of the board, as people write it
 * @param before what was shown until now; a form that was sent stays visible
 * @param place  where the page comes from, which a board that refuses it must list
 */
export function lookOf(status: Status, board: string, before: Look | null, place: Place = NOWHERE): Look {
  switch (status.state) {
    case 'connecting':
      return connecting(board, before);
    case 'password':
      return { ...QUIET, label: 'Password', panel: 'login', clear: status.edition === 1 };
    case 'connected':
      return { ...QUIET, label: status.watching ? 'Watching' : 'Connected', ending: 'Disconnect', panel: 'none' };
    case 'denied':
      return { ...QUIET, label: 'Denied', panel: 'login', error: 'Wrong password' };
    case 'busy':
      return {
        ...QUIET,
        label: 'Busy',
        ending: status.edition === 2 ? 'Disconnect' : '',
        title: 'Busy',
        message: status.reason || `Somebody else uses the terminal of ${board}.`,
        action: 'Retry',
        choices: status.edition === 2,
      };
    case 'closed':
      return closed(status, board, place);
  }
}

function connecting(board: string, before: Look | null): Look {
  if (before?.panel === 'login') {
    return { ...QUIET, label: 'Connecting', ending: 'Stop', panel: 'login', checking: true };
  }
  return { ...QUIET, label: 'Connecting', ending: 'Stop', title: 'Connecting', message: `Waiting for ${board} …` };
}

function closed(status: Status, board: string, place: Place): Look {
  const retries = status.retryAfter !== null;
  if (status.cause === 'unanswered') {
    const why = status.reason === '' ? '' : `: ${status.reason}`;
    const error = `The board hung up${why}. The password opens a new connection.`;
    return { ...QUIET, panel: 'login', error };
  }
  return {
    ...QUIET,
    label: retries ? 'Reconnecting' : QUIET.label,
    ending: retries ? 'Stop' : '',
    title: retries ? 'Reconnecting' : 'Not connected',
    message: sentence(status, board, place),
    action: retries ? 'Connect now' : 'Connect',
    classic: status.cause === 'older' || (status.cause === 'refused' && !retries),
  };
}

/** Whom a password typed here is for, if that is not the board that the page came from; else ''. */
export function elsewhere(board: string, edition: 1 | 2, place: Place): string {
  if (board === place.host) {
    return '';
  }
  const gets = edition === 1 ? 'the password itself, but only if you agree' : 'proof that you know the password, never the password itself';
  return `This is not the board that the page came from. It gets ${gets}.`;
}

function sentence(status: Status, board: string, place: Place): string {
  switch (status.cause) {
    case 'blocked':
      return `The browser does not let this page connect to ${board}.`;
    case 'unreachable':
      return `${board} does not answer.`;
    case 'refused':
      return board === place.host
        ? `${board} answers, but opens no session.`
        : `${board} answers, but does not let this page in. Its program must name this page in origins=["${place.origin}"].`;
    case 'older':
      return `${board} offers only the first edition of the protocol, though it spoke the second one before. The password was not sent.`;
    case 'foreign':
      return `${board} answers, but not as a WebREPL.`;
    case 'impostor':
      return `${board} does not know the password itself: it may be another one.`;
    case 'restart':
      return `${board} restarts.`;
    case 'ended':
      return status.reason || `${board} ended the session.`;
    case 'crowded':
      return `${board} takes no more clients now${status.reason === '' ? '' : `: ${status.reason}`}.`;
    case 'lost':
      return status.reason || `The connection to ${board} was lost.`;
    default:
      return `There is no connection to ${board}.`;
  }
}

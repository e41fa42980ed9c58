// SPDX-License-Identifier: MIT

/** Codes of results (section 2.8) that this library distinguishes. */
export const Code = {
  ENOENT: 2, EACCES: 13, EBUSY: 16, EEXIST: 17, ENOTDIR: 20, EINVAL: 22, EBADMSG: 74, EOPNOTSUPP: 95, ECANCELED: 125,
} as const;

const SENTENCES: Record<number, string> = {
  1: 'that is not permitted',
  2: 'there is no such file or directory',
  5: 'the storage of the board failed',
  11: 'the board has too much to do, try again',
  12: 'the board is out of memory',
  13: 'the board does not allow that',
  16: 'it is in use',
  17: 'that exists already',
  18: 'that is on another file system',
  20: 'that is not a directory',
  21: 'that is a directory',
  22: 'that is not a possible name',
  23: 'the board has too many files open',
  24: 'the board has too many files open',
  27: 'the file is too large for the board',
  28: 'the storage of the board is full',
  30: 'the storage of the board is read-only',
  36: 'the name is too long',
  39: 'the directory is not empty',
  74: 'what arrived is not what was sent',
  95: 'the board cannot do that',
  110: 'the board did not answer in time',
  125: 'it was cancelled',
};

/** An operation that the board has refused, or could not finish. */
export class BoardError extends Error {
  readonly code: number;

  /** @param about the subject, such as a path; '' for none */
  constructor(code: number, about = '') {
    const sentence = SENTENCES[code] ?? `error ${code} of the board`;
    super(about === '' ? sentence : `${about}: ${sentence}`);
    this.name = 'BoardError';
    this.code = code;
  }
}

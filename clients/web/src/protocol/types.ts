// SPDX-License-Identifier: MIT
// Written from types.h by `make generate`: do not edit.

/** Types of messages (docs/webrepl-protocol.md section 2.2). */
export const Type = {
  HELLO: 0x01,
  RESULT: 0x02,
  LOGIN: 0x03,
  PING: 0x04,
  WHO: 0x05,
  ATTACH: 0x10,
  DETACH: 0x11,
  SIZE: 0x12,
  INTERRUPT: 0x13,
  RESET: 0x14,
  LOST: 0x15,
  OPENED: 0x20,
  DATA: 0x21,
  CREDIT: 0x22,
  CANCEL: 0x23,
  LIST: 0x30,
  STAT: 0x31,
  GET: 0x32,
  PUT: 0x33,
  REMOVE: 0x34,
  RENAME: 0x35,
  MKDIR: 0x36,
  RMDIR: 0x37,
  SPACE: 0x38,
  SHA256: 0x39,
} as const;

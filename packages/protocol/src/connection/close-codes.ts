/** Codes with which WebSockets are closed (RFC 6455, 7.4; from 4000 on they are ours). */
export const closeCodes = {
  /** Nothing more to say. */
  done: 1000,
  /** What came cannot be believed. */
  invalid: 4001,
  /** The other side is of another version. */
  version: 4002,
  /** The other side may not come in. */
  refused: 4003,
} as const;

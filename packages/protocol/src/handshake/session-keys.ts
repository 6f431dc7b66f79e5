/** Keys of one connection, a key for each direction: a frame cannot be sent back to where it came from. */
export interface SessionKeys {
  readonly sending: Uint8Array;
  readonly receiving: Uint8Array;
}

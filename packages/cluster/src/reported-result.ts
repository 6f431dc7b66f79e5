import { decodeValue } from "@gloam/arrow";

/**
 * A task's result as every backend reports it: the scheduler hands it on unread. The bytes belong to who gets them, and
 * nobody else reads or writes them any more.
 */
export interface ReportedResult {
  readonly bytes: Uint8Array;
  /** By the codec; otherwise the bytes are the result themselves. */
  readonly encoded: boolean;
}

/** What the sink of the task gave. */
export function decodeResult({ bytes, encoded }: ReportedResult): unknown {
  return encoded ? decodeValue(bytes) : bytes;
}

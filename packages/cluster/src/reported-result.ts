/** A task's result as backends report it. */
export interface ReportedResult {
  readonly bytes: Uint8Array;
  /** By the codec; otherwise the bytes are the result themselves. */
  readonly encoded: boolean;
}

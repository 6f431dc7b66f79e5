/** Where in the user's program an operation was called: a position in the file as the user wrote it. */
export interface CallSite {
  /** Absolute path or URL of the user's file. */
  readonly file: string;
  /** One-based line. */
  readonly line: number;
  /** One-based column. */
  readonly column: number;
}

import type { TextUse } from "./text-use.ts";

/** A large captured value that a transport may send once and name by its hash afterwards. */
export interface CapturedBlob {
  /** Hex SHA-256 of the bytes. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** A package that a function refers to by name, and the URL of the file that it is looked up from. */
export interface PackageImport {
  readonly specifier: string;
  readonly base: string;
}

/**
 * A user function as it was when an operation was called: its code and a snapshot of what it closes over. Plain data:
 * survives structured clone and msgpackr.
 */
export interface CapturedFunction {
  /** Hex digest of the code alone (source, position, structure of captures). Equal for equal code whatever the values. */
  readonly codeHash: string;
  /** Encoded graph of code and captured values. */
  readonly bytes: Uint8Array;
  /** Module specifiers, as URLs or package names, that the function needs before it can be rebuilt, or may ask for while it runs. */
  readonly modules: readonly string[];
  /** From where those of packages are looked up. Absent when there are none. */
  readonly bases?: readonly PackageImport[];
  /** Short source text for messages: `x => x * k`. */
  readonly label: string;
  /** What it does with its parameter, where that may be a `TextSpan`. */
  readonly textUse?: TextUse;
  /** Neither it nor a function that it captures asks a typed array for its buffer; absent where that is not known. */
  readonly keepsToElements?: true;
  /**
   * Captured values over 100 KiB, split from `bytes` by content. A transport may strip them, send each hash once, and give
   * `loadFunctions` a resolver. Absent when there are none.
   */
  readonly blobs?: readonly CapturedBlob[];
}

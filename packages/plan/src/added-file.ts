/** A file that was added to a context, for functions on executors. */
export interface AddedFile {
  /** A name without directories, which no other has. */
  readonly name: string;
  /** SHA-256 of the content in hexadecimal digits. */
  readonly hash: string;
  readonly content: Uint8Array;
}

const scheme = "gloam-file:";

/** The URL by which an executor knows an added file, beside modules. */
export function addedFileUrl(name: string): string {
  return scheme + name;
}

/** Names of the added files among such URLs. */
export function addedFileNames(urls: Iterable<string>): string[] {
  return [...urls].filter((url) => url.startsWith(scheme)).map((url) => url.slice(scheme.length));
}

/**
 * Where files live: the local machine now, HTTP and S3-compatible stores later. Listing runs on the driver and may wait
 * for a network; opening and reading run on executors and are synchronous.
 */
export interface FileSystem {
  /** What stands at the path; undefined when nothing does. */
  status(path: string): Promise<FileStatus | undefined>;
  /** The entries of a directory, in any order. */
  list(directory: string): Promise<readonly DirectoryEntry[]>;
  /** The first bytes of a file, fewer when it is shorter. */
  head(path: string, bytes: number): Promise<Uint8Array>;
  /** Opens a file for reading. Throws the system's error. */
  open(path: string): OpenFile;
}

/** What stands at a path. */
export type FileStatus = { readonly kind: "file"; readonly bytes: number } | { readonly kind: "directory" };

/** An entry of a directory; `link` when it is a symbolic link to a file or directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileStatus["kind"];
  readonly link: boolean;
}

/** A file open for reading at any position. Synchronous. */
export interface OpenFile {
  /** Reads up to `length` bytes into `target` at `offset`; 0 at the file's end. */
  read(target: Uint8Array, offset: number, length: number, position: number): number;
  close(): void;
}

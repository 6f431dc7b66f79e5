const elsewhere = "name another directory with the configuration key local.dir";

/** What to do about a system error, by its name such as ENOSPC, in `local.dir`; undefined where nothing special is known. */
export function scratchHint(errorName: string | undefined, localDirectory: string): string | undefined {
  switch (errorName) {
    case "ENOENT":
      return `make the directory ${localDirectory}, or ${elsewhere}`;
    case "ENOTDIR":
      return `${localDirectory} is not a directory, or lies below a file: ${elsewhere}`;
    case "EROFS":
      return `the file system of ${localDirectory} is read-only: ${elsewhere}`;
    case "EACCES":
    case "EPERM":
      return `let this user write in ${localDirectory}, or ${elsewhere}`;
    case "ENOSPC":
      return `free space or inodes in the file system of ${localDirectory}, or ${elsewhere}`;
    case "EDQUOT":
      return `this user's quota in the file system of ${localDirectory} is used up: free space, or ${elsewhere}`;
    case "EFBIG":
      return `files in ${localDirectory} may not become this large: raise the limit (ulimit -f), or ${elsewhere}`;
    default:
      return undefined;
  }
}

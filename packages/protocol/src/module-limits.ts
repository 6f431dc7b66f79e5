/** Bytes that the source of one module of the user's program may have. */
export const mostModuleBytes = 32 * 1024 * 1024;

/** Whether a name can be that of an added file: of one file, in a directory that it does not lead out of. */
export function isFileName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && name.length <= 255 && !/[/\\\0]/.test(name);
}

/** Whether a name can be a package's: nothing that would lead out of `node_modules`. */
export function isPackageName(name: string): boolean {
  return name.length <= 256 && /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/.test(name);
}

import { rmSync } from "node:fs";

/** Removes what an executor that was killed could not remove itself. */
export function removeFiles(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // A directory that is no directory, or cannot be changed: its executor has ended because of that, or will have said so.
  }
}

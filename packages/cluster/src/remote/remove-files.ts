import { rmSync } from "node:fs";
import { probePath } from "@gloam/storage";

/** Removes what an executor that was killed could not remove itself: its scratch directory, and what it tried it with. */
export function removeFiles(path: string): void {
  try {
    rmSync(probePath(path), { force: true });
    rmSync(path, { recursive: true, force: true });
  } catch {
    // A directory that is no directory, or cannot be changed: its executor has ended because of that, or will have said so.
  }
}

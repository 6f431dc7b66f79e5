import { GloamError } from "@gloam/common";
import { locate } from "./file-location.ts";
import { localFileSystem } from "./local-file-system.ts";

/** The absolute local path of an output. Throws GLOAM_ARGUMENT_INVALID where the file system cannot be written. */
export function localOutputPath(pathOrUrl: string): string {
  const { system, path } = locate(pathOrUrl);
  if (system === localFileSystem) return path;
  throw new GloamError("GLOAM_ARGUMENT_INVALID", `${pathOrUrl} cannot be written`, {
    hint: "use a local path or a file:// URL",
  });
}

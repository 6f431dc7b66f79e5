import { GloamError, type CallSite } from "@gloam/common";
import { locate } from "./file-location.ts";
import { localFileSystem } from "./local-file-system.ts";

/** The absolute local path of an output, named at `callSite`. Throws GLOAM_ARGUMENT_INVALID where the file system cannot be written. */
export function localOutputPath(pathOrUrl: string, callSite?: CallSite): string {
  const { system, path } = locate(pathOrUrl, callSite);
  if (system === localFileSystem) return path;
  throw new GloamError("GLOAM_ARGUMENT_INVALID", `${pathOrUrl} cannot be written`, {
    hint: "use a local path or a file:// URL",
    callSite,
  });
}

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GloamError, type CallSite } from "@gloam/common";
import type { FileSystem } from "./file-system.ts";
import { localFileSystem } from "./local-file-system.ts";

/** A file system and a path in it. */
export interface FileLocation {
  readonly system: FileSystem;
  /** Absolute; may hold a pattern. */
  readonly path: string;
}

/** A scheme has at least two letters: `C:` is a drive. */
const schemePattern = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//;

/**
 * The file system that a path or URL means: by scheme, the local one without. Throws GLOAM_ARGUMENT_INVALID for a scheme
 * that nobody serves; `callSite` is where the user named it.
 */
export function locate(pathOrUrl: string, callSite?: CallSite): FileLocation {
  const scheme = schemePattern.exec(pathOrUrl)?.[1]?.toLowerCase();
  if (scheme === undefined) return { system: localFileSystem, path: resolve(pathOrUrl) };
  if (scheme === "file") return { system: localFileSystem, path: pathOfUrl(pathOrUrl, callSite) };
  throw new GloamError("GLOAM_ARGUMENT_INVALID", `no file system is known for ${scheme}:// (in ${pathOrUrl})`, {
    hint: "use a path or a file:// URL",
    callSite,
  });
}

function pathOfUrl(url: string, callSite: CallSite | undefined): string {
  try {
    // A question mark is a pattern here, never the start of a query.
    return fileURLToPath(url.replaceAll("?", "%3F").replaceAll("#", "%23"));
  } catch (error) {
    throw new GloamError("GLOAM_ARGUMENT_INVALID", `${url} does not name a local file`, { cause: error, callSite });
  }
}

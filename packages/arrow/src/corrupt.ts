import { GloamError } from "@gloam/common";

/** The error for bytes that are not what this package writes. */
export function corrupt(what: string, cause?: unknown): GloamError {
  return new GloamError("GLOAM_BLOCK_CORRUPT", what, { cause });
}

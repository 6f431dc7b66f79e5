import { GloamError } from "@gloam/common";

/** A frame that cannot be believed. The connection that it came over ends. */
export function frameInvalid(detail: string, cause?: unknown): GloamError {
  return new GloamError("GLOAM_FRAME_INVALID", `a frame is not valid: ${detail}`, { cause });
}

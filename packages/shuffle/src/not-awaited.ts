import { GloamError } from "@gloam/common";

/** The error for a reader that was asked for a batch while its `ready()` had still to be awaited. */
export function notAwaited(): GloamError {
  return new GloamError("GLOAM_INTERNAL", "an asynchronous reader was not awaited");
}

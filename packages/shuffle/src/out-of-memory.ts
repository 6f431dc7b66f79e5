import { GloamError } from "@gloam/common";

/** The error for keys that cannot be split any further and still do not fit. */
export function groupTooLarge(what: string): GloamError {
  return new GloamError("GLOAM_OUT_OF_MEMORY", `${what} of a single key do not fit into the memory of a task`);
}

import { GloamError } from "@gloam/common";
import type { Call } from "./arguments.ts";

/** The error of an action that needs an element where there is none. */
export function emptyRdd({ operation, callSite }: Call, message: string, hint?: string): GloamError {
  return new GloamError("GLOAM_RDD_EMPTY", message, { operation, callSite, hint });
}

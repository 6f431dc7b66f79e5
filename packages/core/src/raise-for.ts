import { GloamError, isGloamError } from "@gloam/common";
import type { Call } from "./arguments.ts";

/** Runs an action whose errors do not know by which call of the user's they came about, and tells them. */
export function raiseFor<R>({ operation, callSite }: Call, action: () => R): R {
  try {
    return action();
  } catch (error) {
    if (!isGloamError(error) || error.callSite !== undefined || error.operation !== undefined) throw error;
    const { code, hint, cause } = error;
    throw new GloamError(code, error.message.slice(`${code}: `.length), { hint, cause, operation, callSite });
  }
}

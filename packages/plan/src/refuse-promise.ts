import { GloamError } from "@gloam/common";
import type { RowCode } from "./kernel.ts";

/**
 * Writes the line that refuses a result which is a promise, where a function's result is used and not handed on: nobody would wait
 * for it. Async functions are refused when they are captured; others tell by what they give.
 *
 * @param result Name of a variable.
 */
export function emitPromiseRefusal(code: Pick<RowCode, "line" | "constant">, result: string): void {
  code.line(`if (typeof ${result} === "object") ${code.constant(refusePromise)}(${result});`);
}

/** @throws GloamError `GLOAM_ASYNC_FUNCTION` for a promise, or what else has a `then` */
export function refusePromise(result: unknown): void {
  if (typeof result !== "object" || result === null || !("then" in result) || typeof result.then !== "function") return;
  // What it fails of later would end the thread, and is no news beside this.
  if (result instanceof Promise) result.catch(() => undefined);
  throw new GloamError("GLOAM_ASYNC_FUNCTION", "the function gave a promise, and nothing waits for it");
}

import type { CapturedFunction } from "@gloam/closure";

/** Stands for a captured function where nobody runs it. */
export const captured: CapturedFunction = { codeHash: "0", bytes: new Uint8Array(), modules: [], label: "f" };

import type { CapturedFunction } from "./captured-function.ts";

/** Whether an executor has to import TypeScript for a function, and so needs a loader for it on Node.js that has none. */
export function needsTypeScript(captured: CapturedFunction): boolean {
  return captured.modules.some((module) => /\.[cm]?tsx?$/.test(module));
}

/** Captures a JavaScript function with what it closes over and rebuilds it elsewhere. */
export type { CapturedFunction } from "./captured-function.ts";

import type { CapturedFunction } from "./captured-function.ts";

/** A function that was captured earlier and travels, as it was then, inside transferred data. */
export class FunctionSnapshot {
  readonly captured: CapturedFunction;
  constructor(captured: CapturedFunction) {
    this.captured = captured;
  }
}

import { raiseHeapFloor } from "./heap-floor.ts";
import { inlineWholeLoops } from "./inlining.ts";
import { optimizeLate } from "./late-optimization.ts";
import { keepRowsYoung } from "./young-rows.ts";

/** Sets V8's flags, which are those of the whole process, for what workers do. Before they start. */
export function tuneV8(): void {
  keepRowsYoung();
  raiseHeapFloor();
  inlineWholeLoops();
  optimizeLate();
}

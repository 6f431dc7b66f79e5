import type { Lineage } from "@gloam/plan";
import type { JobGraph } from "@gloam/scheduler";
import { expectTypeOf, test } from "vitest";

test("a lineage is what the scheduler takes as a job's graph", () => {
  expectTypeOf<Lineage>().toEqualTypeOf<JobGraph>();
});

import { withResourcesNode, type TaskResources } from "@gloam/plan";
import { checkInteger, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The same elements, computed by tasks that have so much of their executor. `cpus` are task slots: others stay free for what the
     * task starts itself, such as a solver with threads of its own. `memory` is in bytes: so few tasks run at a time on an executor that
     * each one's share (`executor.memory` divided by their number) is at least that; buffers and tables may grow accordingly, the
     * heap of a worker thread stays what it is. Holds for all that is computed in the same stage; where several are named there, the
     * most of each. No shuffle.
     *
     * An action fails with `GLOAM_RESOURCES_UNAVAILABLE` where no executor has as much.
     *
     * @example
     * await gc.range(4, { partitions: 2 }).map((x) => x * x).withResources({ cpus: 2 }).sum(); // 14
     */
    withResources(resources: TaskResources): Rdd<T>;
  }
}

Rdd.prototype.withResources = function <T>(this: Rdd<T>, resources: TaskResources): Rdd<T> {
  const operation = new Operation(this.context, "withResources");
  if (typeof resources !== "object" || resources === null) throw invalid(operation, "expected { cpus, memory }");
  const { cpus, memory } = resources;
  if (cpus !== undefined) checkInteger(operation, "cpus", cpus, 1);
  if (memory !== undefined) checkInteger(operation, "memory", memory, 1);
  return operation.rdd(withResourcesNode(operation, this.node, { cpus, memory }));
};

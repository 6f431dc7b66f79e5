import type { Partitioner } from "@gloam/plan";
import { checkInteger, invalid } from "./arguments.ts";
import { lineageText } from "./lineage-text.ts";
import { Operation } from "./operation.ts";
import { preferredLocations } from "./preferred-locations.ts";
import { Rdd } from "./rdd.ts";

/** What an RDD is computed from. */
export interface RddDependency {
  /** `narrow` where a partition needs a few partitions of the parent, `shuffle` where it needs a part of each. */
  readonly kind: "narrow" | "shuffle";
  /** A new handle of the parent. */
  readonly rdd: Rdd<unknown>;
}

declare module "./rdd.ts" {
  // That it is disposable is said here again: see `GloamContext` in `context/job-control.ts`.
  interface Rdd<T> extends Disposable {
    /** Number of this RDD, which no other of its context has. */
    readonly id: number;

    /** As `setName` gave it; undefined without. */
    readonly name: string | undefined;

    /**
     * Names this RDD where its lineage is shown. Gives this RDD.
     *
     * @example
     * gc.range(3).setName("threes").name; // "threes"
     */
    setName(name: string): this;

    /** How elements are spread over partitions by their keys; undefined where that is not known. */
    readonly partitioner: Partitioner | undefined;

    /**
     * What this RDD is computed from, in order. An operation may have made several RDDs one of another.
     *
     * @example
     * gc.range(3).map((x) => [x, 1]).groupByKey().dependencies.map(({ kind }) => kind); // ["shuffle"]
     */
    readonly dependencies: readonly RddDependency[];

    /**
     * Hosts or executors where a partition is best computed, as far as sources say so: of the nearest RDD above that says anything.
     * Asks the source where it depends on files; runs no job.
     *
     * @throws GloamError `GLOAM_ARGUMENT_INVALID`
     *
     * @example
     * await gc.range(3).preferredLocations(0); // []
     */
    preferredLocations(partition: number): Promise<readonly string[]>;

    /**
     * The lineage as text, a line for each RDD, the last one first; what lies behind a shuffle is indented. In front stands the number of
     * partitions, `?` where no job has found it out yet, behind it whether partitions are kept. An RDD that several others come
     * from is followed up once. Runs nothing.
     *
     * @example
     * const text = gc.range(3, { partitions: 2 }).map((x) => [x, 1]).groupByKey().toDebugString();
     * text.split("\n").length; // 3
     */
    toDebugString(): string;
  }
}

Object.defineProperties(Rdd.prototype, {
  id: {
    get(this: Rdd<unknown>) {
      return this.node.id;
    },
  },
  name: {
    get(this: Rdd<unknown>) {
      return this.context.names.get(this.node.id);
    },
  },
  partitioner: {
    get(this: Rdd<unknown>) {
      return this.node.partitioner;
    },
  },
  dependencies: {
    get(this: Rdd<unknown>): readonly RddDependency[] {
      return this.node.dependencies.map(({ kind, parent }) => ({ kind, rdd: new Rdd(this.context, parent) }));
    },
  },
});

Rdd.prototype.setName = function (name) {
  if (typeof name !== "string") throw invalid(new Operation(this.context, "setName"), "a name must be a string");
  this.context.names.set(this.node.id, name);
  return this;
};

Rdd.prototype.preferredLocations = async function (this: Rdd<unknown>, partition: number): Promise<readonly string[]> {
  const operation = new Operation(this.context, "preferredLocations");
  checkInteger(operation, "partition", partition, 0);
  const partitions = await this.context.jobs.partitionCount(operation, this.node);
  if (partition >= partitions) throw invalid(operation, `there are ${partitions} partitions, and no ${partition}`);
  return preferredLocations(this.node, partition);
};

Rdd.prototype.toDebugString = function (this: Rdd<unknown>): string {
  const { names, persisted } = this.context;
  return lineageText(this.node, {
    nameOf: (node) => names.get(node),
    // Here alone is said how a level is shown.
    levelOf: (node) => (persisted.has(node) ? "cached" : undefined),
  });
};

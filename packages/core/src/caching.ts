import { GloamError } from "@gloam/common";
import { invalid } from "./arguments.ts";
import { Operation } from "./operation.ts";
import { Rdd } from "./rdd.ts";
import { isStorageLevel, type StorageLevel } from "./storage-level.ts";

declare module "./rdd.ts" {
  interface Rdd<T> {
    /**
     * Same as `persist()`.
     *
     * @throws GloamError `GLOAM_STORAGE_LEVEL_SET`
     *
     * @example
     * const squares = gc.range(4).map((x) => x * x).cache();
     * await squares.sum(); // 14
     * await squares.count(); // 4
     */
    cache(): this;

    /**
     * Keeps the partitions once a job has computed them, until `unpersist()` or `dispose()`, or until no handle needs them.
     * Costs nothing by itself: no shuffle, no job. Gives this RDD.
     *
     * Where memory is short, blocks of the RDDs that were not used for longest make room, never those of the RDD that is
     * being computed: they move to disk where their level has a disk, and are computed again where it has none.
     *
     * @param level How they are kept, see `StorageLevel`; `MEMORY_ONLY` when left out, as in Spark: what does not fit is computed
     * again.
     * @throws GloamError `GLOAM_STORAGE_LEVEL_SET` where another level was set before: `unpersist()` first;
     * `GLOAM_ARGUMENT_INVALID`
     *
     * @example
     * const squares = gc.range(4).map((x) => x * x).persist("MEMORY_AND_DISK");
     * await squares.sum(); // 14
     * squares.getStorageLevel(); // "MEMORY_AND_DISK"
     */
    persist(level?: StorageLevel): this;

    /**
     * Frees the kept partitions; jobs under way keep what they use. The RDD can still be used: it is computed again. Gives
     * this RDD.
     *
     * @example
     * const squares = gc.range(4).map((x) => x * x).cache();
     * squares.unpersist().isCached; // false
     */
    unpersist(): this;

    /**
     * How partitions are kept, as `persist` was told; `"NONE"` where they are not.
     *
     * @example
     * gc.range(4).getStorageLevel(); // "NONE"
     * gc.range(4).cache().getStorageLevel(); // "MEMORY_ONLY"
     */
    getStorageLevel(): StorageLevel | "NONE";

    /**
     * Whether partitions are kept: `persist()` was called and `unpersist()` was not.
     *
     * @example
     * gc.range(4).cache().isCached; // true
     */
    readonly isCached: boolean;
  }
}

Rdd.prototype.cache = function () {
  return setLevel(this, new Operation(this.context, "cache"), "MEMORY_ONLY");
};

Rdd.prototype.persist = function (level: StorageLevel = "MEMORY_ONLY") {
  return setLevel(this, new Operation(this.context, "persist"), level);
};

Rdd.prototype.unpersist = function () {
  this.context.unpersist(this.node.id);
  return this;
};

Rdd.prototype.getStorageLevel = function () {
  return this.context.persisted.get(this.node.id) ?? "NONE";
};

Object.defineProperty(Rdd.prototype, "isCached", {
  get(this: Rdd<unknown>) {
    return this.context.persisted.has(this.node.id);
  },
});

function setLevel<R extends Rdd<unknown>>(rdd: R, call: Operation, level: StorageLevel): R {
  if (!isStorageLevel(level)) {
    throw invalid(call, `there is no storage level ${JSON.stringify(level)}`, "use one of StorageLevel's names");
  }
  const { persisted } = rdd.context;
  const before = persisted.get(rdd.node.id) ?? level;
  if (before !== level) {
    const { operation, callSite } = call;
    throw new GloamError("GLOAM_STORAGE_LEVEL_SET", `the level is ${before} already, and cannot become ${level}`, {
      operation,
      callSite,
    });
  }
  persisted.set(rdd.node.id, level);
  return rdd;
}

import { Rdd } from "./rdd.ts";

declare module "./rdd.ts" {
  interface Rdd<T> {
    /**
     * Keeps the partitions once a job has computed them, in memory as far as there is room and then on disk, until
     * `unpersist()` or `dispose()`, or until no handle needs them. Costs nothing by itself. Gives this RDD.
     *
     * @example
     * const squares = gc.range(4).map((x) => x * x).cache();
     * await squares.sum(); // 14
     * await squares.count(); // 4
     */
    cache(): this;

    /** Same as `cache()`. */
    persist(): this;

    /**
     * Frees the kept partitions; jobs under way keep what they use. The RDD can still be used: it is computed again. Gives
     * this RDD.
     */
    unpersist(): this;

    /** Whether partitions are kept: `cache()` was called and `unpersist()` was not. */
    readonly isCached: boolean;
  }
}

Rdd.prototype.cache = function () {
  this.context.persisted.add(this.node.id);
  return this;
};

Rdd.prototype.persist = function () {
  return this.cache();
};

Rdd.prototype.unpersist = function () {
  this.context.unpersist(this.node.id);
  return this;
};

Object.defineProperty(Rdd.prototype, "isCached", {
  get(this: Rdd<unknown>) {
    return this.context.persisted.has(this.node.id);
  },
});

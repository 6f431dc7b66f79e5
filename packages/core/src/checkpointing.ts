import { Operation } from "./operation.ts";
import { Rdd } from "./rdd.ts";
import type { StorageLevel } from "./storage-level.ts";

declare module "./rdd.ts" {
  interface Rdd<T> {
    /**
     * Marks this RDD to be written to the checkpoint directory (`setCheckpointDir`), after the first job that has it in its
     * lineage: the promise of that action is settled when the files are there, as are those of others that end meanwhile. From then on it is read from them and needs nothing
     * that it was computed from: shuffles and caches above it are freed, also for RDDs that were made of this one before.
     *
     * Partitions that the job computes are kept until they are written, so that nothing is computed twice; those that it did not
     * need are computed then. A directory `rdd-N` appears with a file of Arrow streams for each partition or not at all, and one
     * attempt at each is committed. The partitioner stays. **Files are never removed**, also not when the context stops:
     * `getCheckpointFile` says where they are. Costs no job by itself. Gives this RDD.
     *
     * @throws GloamError `GLOAM_CHECKPOINT_DIRECTORY_UNSET`; `GLOAM_OUTPUT_FAILED` from the action; `GLOAM_CHECKPOINT_LOST` from
     * later actions where files have been taken away
     *
     * @example
     * gc.setCheckpointDir(directory);
     * const squares = gc.range(4).map((x) => x * x).checkpoint();
     * await squares.sum(); // 14
     * squares.isCheckpointed; // true
     */
    checkpoint(): this;

    /**
     * Like `checkpoint`, but what is kept stays with the executors, as `persist` keeps it, with a level that has a disk
     * (`MEMORY_AND_DISK` where none was set): faster, and only for as long as they live. **A block that is lost with its executor
     * cannot be computed again**: jobs that need it then fail. Levels with `_2` survive the loss of one executor.
     *
     * @throws GloamError `GLOAM_CHECKPOINT_LOST` from later actions where a block is gone
     *
     * @example
     * const squares = gc.range(4).map((x) => x * x).localCheckpoint();
     * await squares.sum(); // 14
     * squares.isCheckpointed; // true
     */
    localCheckpoint(): this;

    /**
     * Whether it was checkpointed, and is read from there.
     *
     * @example
     * gc.range(4).localCheckpoint().isCheckpointed; // false
     */
    readonly isCheckpointed: boolean;

    /**
     * The directory with its files; undefined before they are written, and after `localCheckpoint`.
     *
     * @example
     * gc.range(4).getCheckpointFile(); // undefined
     */
    getCheckpointFile(): string | undefined;
  }
}

Rdd.prototype.checkpoint = function () {
  const { context, node } = this;
  context.checkpoints.mark(node, new Operation(context, "checkpoint"), false);
  return this;
};

Rdd.prototype.localCheckpoint = function () {
  const { context, node } = this;
  const operation = new Operation(context, "localCheckpoint");
  if (context.checkpoints.isDone(node.id)) return this;
  const before = context.persisted.get(node.id) ?? "MEMORY_AND_DISK";
  const level = withDisk(before);
  // What was kept at the other level might be dropped.
  if (level !== before) context.unpersist(node.id);
  context.persisted.set(node.id, level);
  context.checkpoints.mark(node, operation, true);
  return this;
};

Object.defineProperty(Rdd.prototype, "isCheckpointed", {
  get(this: Rdd<unknown>) {
    return this.context.checkpoints.isDone(this.node.id);
  },
});

Rdd.prototype.getCheckpointFile = function () {
  return this.context.checkpoints.fileOf(this.node.id);
};

function withDisk(level: StorageLevel): StorageLevel {
  return level.replace("MEMORY_ONLY", "MEMORY_AND_DISK") as StorageLevel;
}

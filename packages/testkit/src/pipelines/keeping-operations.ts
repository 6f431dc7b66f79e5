import { StorageLevel } from "gloam";
import type { Operation } from "./operation.ts";

const levels = Object.values(StorageLevel);

const persist: Operation = (random, { rows, order }) => {
  const level = levels[random.nextInt(levels.length)]!;
  return {
    description: `filter(all).persist("${level}")`,
    rows,
    order,
    build: (rdd) => rdd.filter(() => true).persist(level),
  };
};

const unpersist: Operation = (random, { rows, order }) => {
  const level = levels[random.nextInt(levels.length)]!;
  return {
    description: `filter(all).persist("${level}"), counted, unpersist()`,
    rows,
    order,
    async build(rdd) {
      const kept = rdd.filter(() => true).persist(level);
      await kept.count();
      return kept.unpersist();
    },
  };
};

const checkpoint: Operation = (random, { rows, order }) => {
  const isLocal = random.nextInt(2) === 0;
  const isAtOnce = random.nextInt(2) === 0;
  return {
    description: `filter(all).${isLocal ? "localCheckpoint" : "checkpoint"}()${isAtOnce ? ", made at once" : ""}`,
    rows,
    order,
    async build(rdd) {
      const cut = rdd.filter(() => true);
      if (isLocal) cut.localCheckpoint();
      else cut.checkpoint();
      if (!isAtOnce) return cut;
      await cut.count();
      if (!cut.isCheckpointed) throw new Error("the job has left no checkpoint");
      return cut;
    },
  };
};

const dispose: Operation = (_, { rows, order }) => ({
  description: "filter(all) behind a kept handle that is disposed",
  rows,
  order,
  async build(rdd) {
    const kept = rdd.filter(() => true).cache();
    const behind = kept.filter(() => true);
    await kept.count();
    kept.dispose();
    return behind;
  },
});

/** Operations that keep what was computed, and let go of it. */
export const keepingOperations: readonly Operation[] = [persist, persist, unpersist, checkpoint, checkpoint, dispose];

import { expectTypeOf, test } from "vitest";
import { StorageLevel, type GloamContext, type Rdd } from "./index.ts";

declare const gc: GloamContext;
declare const words: Rdd<string>;

test("keeping", () => {
  expectTypeOf(words.cache()).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.persist()).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.persist(StorageLevel.MEMORY_AND_DISK_2)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.persist("DISK_ONLY")).toEqualTypeOf<Rdd<string>>();
  // @ts-expect-error: there is no such level
  words.persist("MEMORY");
  // @ts-expect-error: NONE is what there is without one
  words.persist("NONE");
  expectTypeOf(words.unpersist()).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.getStorageLevel()).toEqualTypeOf<StorageLevel | "NONE">();
  expectTypeOf(words.isCached).toEqualTypeOf<boolean>();
  expectTypeOf(StorageLevel.DISK_ONLY).toEqualTypeOf<"DISK_ONLY">();
});

test("checkpoints", () => {
  expectTypeOf(gc.setCheckpointDir("somewhere")).toEqualTypeOf<void>();
  expectTypeOf(gc.setCheckpointDir(new URL("file:///somewhere"))).toEqualTypeOf<void>();
  expectTypeOf(words.checkpoint()).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.localCheckpoint()).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.isCheckpointed).toEqualTypeOf<boolean>();
  expectTypeOf(words.getCheckpointFile()).toEqualTypeOf<string | undefined>();
});

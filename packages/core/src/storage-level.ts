import { storageLevels, type StorageLevel as LevelName } from "@gloam/plan";

/**
 * How the partitions of a persisted RDD are kept. A level's name does as well: `persist("DISK_ONLY")`.
 *
 * `MEMORY_ONLY` drops what does not fit, to be computed again when it is needed; `MEMORY_AND_DISK` writes it to disk;
 * `DISK_ONLY` writes everything there. Blocks are columns in memory that all threads of an executor share, or their bytes in
 * a file; without `_SER` a worker may keep the rows that it computed decoded beside them, on its own heap, so that the next pass
 * need not decode. With `_2` a copy lies on a second executor.
 */
export const StorageLevel = {
  MEMORY_ONLY: "MEMORY_ONLY",
  MEMORY_AND_DISK: "MEMORY_AND_DISK",
  MEMORY_ONLY_SER: "MEMORY_ONLY_SER",
  MEMORY_AND_DISK_SER: "MEMORY_AND_DISK_SER",
  DISK_ONLY: "DISK_ONLY",
  MEMORY_ONLY_2: "MEMORY_ONLY_2",
  MEMORY_AND_DISK_2: "MEMORY_AND_DISK_2",
  MEMORY_ONLY_SER_2: "MEMORY_ONLY_SER_2",
  MEMORY_AND_DISK_SER_2: "MEMORY_AND_DISK_SER_2",
  DISK_ONLY_2: "DISK_ONLY_2",
} as const satisfies { readonly [Name in LevelName]: Name };

/** The name of a level. */
export type StorageLevel = LevelName;

/** Whether a value names a level. */
export function isStorageLevel(value: unknown): value is StorageLevel {
  return storageLevels.some((level) => level === value);
}

import { GloamError } from "@gloam/common";

/** Names of the ways to keep the partitions of an RDD. */
export type StorageLevel =
  | "MEMORY_ONLY"
  | "MEMORY_AND_DISK"
  | "MEMORY_ONLY_SER"
  | "MEMORY_AND_DISK_SER"
  | "DISK_ONLY"
  | "MEMORY_ONLY_2"
  | "MEMORY_AND_DISK_2"
  | "MEMORY_ONLY_SER_2"
  | "MEMORY_AND_DISK_SER_2"
  | "DISK_ONLY_2";

/** What a level says of a block. */
export interface StorageTraits {
  /** In memory, as far as there is room. */
  readonly useMemory: boolean;
  /** On disk, where memory has no room or is not wanted. */
  readonly useDisk: boolean;
  /** Workers may keep rows decoded beside the block. */
  readonly deserialized: boolean;
  /** Executors that hold it. */
  readonly replicas: 1 | 2;
}

const traits: Readonly<Record<StorageLevel, StorageTraits>> = {
  MEMORY_ONLY: { useMemory: true, useDisk: false, deserialized: true, replicas: 1 },
  MEMORY_AND_DISK: { useMemory: true, useDisk: true, deserialized: true, replicas: 1 },
  MEMORY_ONLY_SER: { useMemory: true, useDisk: false, deserialized: false, replicas: 1 },
  MEMORY_AND_DISK_SER: { useMemory: true, useDisk: true, deserialized: false, replicas: 1 },
  DISK_ONLY: { useMemory: false, useDisk: true, deserialized: false, replicas: 1 },
  MEMORY_ONLY_2: { useMemory: true, useDisk: false, deserialized: true, replicas: 2 },
  MEMORY_AND_DISK_2: { useMemory: true, useDisk: true, deserialized: true, replicas: 2 },
  MEMORY_ONLY_SER_2: { useMemory: true, useDisk: false, deserialized: false, replicas: 2 },
  MEMORY_AND_DISK_SER_2: { useMemory: true, useDisk: true, deserialized: false, replicas: 2 },
  DISK_ONLY_2: { useMemory: false, useDisk: true, deserialized: false, replicas: 2 },
};

/** The names of all levels. */
export const storageLevels = Object.keys(traits) as StorageLevel[];

/** What a level's name means. */
export function storageTraits(level: StorageLevel): StorageTraits {
  return traits[level];
}

/**
 * The level of that name.
 * @throws GloamError `GLOAM_FRAME_INVALID` where there is none: names come from the other side of a connection.
 */
export function levelNamed(name: string): StorageLevel {
  if (Object.hasOwn(traits, name)) return name as StorageLevel;
  throw new GloamError("GLOAM_FRAME_INVALID", `there is no storage level '${name}'`);
}

/** Says for a node how its partitions are kept; undefined where they are not. */
export type LevelOf = (node: number) => StorageLevel | undefined;

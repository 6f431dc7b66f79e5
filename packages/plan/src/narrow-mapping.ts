import type { NarrowMapping } from "./node.ts";

const none: readonly number[] = [];

/** The parent's partitions that a child's partition reads, in order. */
export function parentPartitions(mapping: NarrowMapping, partition: number): readonly number[] {
  switch (mapping.kind) {
    case "oneToOne":
      return [partition];
    case "range": {
      const parent = partition - mapping.start;
      return parent >= 0 && parent < mapping.length ? [parent] : none;
    }
    case "groups":
      return mapping.groups[partition] ?? none;
  }
}

export { cogroupNode } from "./cogroup.ts";
export { combineByKeyNode, type Combining } from "./combine-by-key.ts";
export { combineInputsNode } from "./combine-inputs.ts";
export { groupByKeyNode } from "./group-by-key.ts";
export { joinNode, type JoinKind } from "./join.ts";
export { partitionByNode } from "./partition-by.ts";
export { repartitionNode } from "./repartition.ts";
export { sortByKeyNode, type Sorting } from "./sort-by-key.ts";

/** Shuffle writers, aggregators, sorters, mergers and readers. */
export { cartesianReader } from "./cartesian-reader.ts";
export { combineReader } from "./combine-reader.ts";
export { combineWriter } from "./combine-writer.ts";
export { hashWriter } from "./hash-writer.ts";
export { roundRobinWriter } from "./round-robin-writer.ts";
export { shuffledReader } from "./shuffled-reader.ts";
export { cogroupReader, groupReader } from "./group-reader.ts";
export { joinReader } from "./join-reader.ts";
export { sortReader } from "./sort-reader.ts";
export { sortWriter } from "./sort-writer.ts";

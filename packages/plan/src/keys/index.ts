export { compareKeys, compareNumbers, compareStrings } from "./compare-keys.ts";
export { hashKey } from "./hash-key.ts";
export { hashFloats, hashInteger, hashNumber, hashWords } from "./hash-number.ts";
export { hashString } from "./hash-string.ts";
export { KeyMap } from "./key-map.ts";
export { keysEqual } from "./keys-equal.ts";
export { partitionOf } from "./partition-of.ts";

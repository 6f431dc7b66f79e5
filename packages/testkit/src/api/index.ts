/** The API as its sources declare it: for the reference page. */
export { readApi, type ApiEntry } from "./read-api.ts";
export { allFamilies } from "./all-families.ts";
export { apiFamilies, laterNames, type ApiFamily } from "./api-names.ts";
export type { DocComment } from "./doc-comment.ts";

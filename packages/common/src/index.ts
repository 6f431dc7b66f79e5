/** Error table, configuration table, ids, clock, random, logging, call sites. */
export type { CallSite } from "./call-site.ts";
export { errorTable, type ErrorCode, type ErrorDescription } from "./error-table.ts";
export { GloamError, isGloamError, type GloamErrorOptions } from "./gloam-error.ts";

/** Error table, configuration table, ids, clock, random, logging, call sites. */
export type { CallSite } from "./call-site.ts";

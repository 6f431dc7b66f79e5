/** Spark's RDD model for TypeScript. */
export * from "@gloam/core";
export { GloamError, isGloamError, type CallSite, type ErrorCode } from "@gloam/common";

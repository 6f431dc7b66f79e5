/** Spark's RDD model for TypeScript. */
export {};

/** JavaScript values to Apache Arrow record batches and back. */
export type * from "./column.ts";

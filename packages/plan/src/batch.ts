import type { ColumnBatch } from "@gloam/arrow";
import type { TextSpan } from "@gloam/common";

/**
 * Elements between two pieces of a pipeline: as an array of values, or as columns that the next generated loop reads in
 * place. Readers may reuse a batch's arrays for the next batch.
 */
export type Batch =
  | { readonly length: number; readonly rows: ArrayLike<unknown>; readonly columns?: undefined }
  | { readonly length: number; readonly columns: ColumnBatch; readonly rows?: undefined };

/** Elements that are texts, as bytes. */
export interface TextBatch {
  readonly length: number;
  readonly texts: {
    /** Makes a span be the text at `at`. */
    show(at: number, span: TextSpan): void;
  };
}

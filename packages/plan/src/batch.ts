import type { ColumnBatch, InterleavedRows } from "@gloam/arrow";
import type { TextPlaces } from "@gloam/closure";
import type { TextSpan } from "@gloam/common";

/**
 * Elements between two pieces of a pipeline: as an array of values, or as columns that the next generated loop reads in
 * place. Readers may reuse a batch's arrays for the next batch.
 */
export type Batch =
  | { readonly length: number; readonly rows: ArrayLike<unknown>; readonly columns?: undefined }
  | {
      readonly length: number;
      readonly columns: ColumnBatch;
      /** The same where `columns` are copied when they are asked for first. */
      readonly interleaved?: InterleavedRows;
      readonly rows?: undefined;
    };

/** Elements that are texts, as bytes. */
export interface TextBatch {
  readonly length: number;
  readonly texts: Texts;
}

/** Texts in a buffer, one more byte of which is behind each. Valid until the next batch. */
export interface Texts extends TextPlaces {
  /** Makes a span be the text at `at`. */
  show(at: number, span: TextSpan): void;
  /** Whether all are valid UTF-8; asked of texts that are not ASCII. */
  isUtf8(): boolean;
  /** The texts as strings. */
  strings(): string[];
}

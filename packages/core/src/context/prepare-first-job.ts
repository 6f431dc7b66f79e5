import { encodeValue } from "@gloam/arrow";
import { prepareToCapture } from "@gloam/closure";

/** Loads what a program's first job needs and would have to wait for, 15 ms, while there is nothing else to do. Once. */
export function prepareFirstJob(): void {
  try {
    prepareToCapture();
    encodeValue(undefined);
  } catch {
    // The first job says what is missing, to whoever asked for it.
  }
}

import { load } from "../load.ts";
import type * as Classes from "../bundled-classes.ts";

/** apache-arrow's classes for the metadata of messages, and what they need of the library that they are generated for. */
export type MetadataClasses = typeof Classes;

let loaded: MetadataClasses | undefined;

/** Loaded when the first block is written or read, in 3 ms. */
export function metadataClasses(): MetadataClasses {
  // By the package's own name: so it is found from the sources, from what is made of them, and from a program's bundle.
  return (loaded ??= load("@gloam/arrow/bundled-classes") as MetadataClasses);
}

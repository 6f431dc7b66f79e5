import type * as MessageClasses from "apache-arrow/fb/Message_generated";
import type * as SchemaClasses from "apache-arrow/fb/Schema_generated";
import type * as FlatBuffers from "flatbuffers";
import { load } from "../load.ts";

/** apache-arrow's classes for the metadata of messages, and the library that they are generated for. */
export type MetadataClasses = Named<typeof MessageClasses> & Named<typeof SchemaClasses> & Named<typeof FlatBuffers>;

type Named<Module> = Omit<Module, "default">;

let loaded: MetadataClasses | undefined;

/**
 * Loaded when the first block is written or read. They are 60 small files: 20 ms as CommonJS, twice that as modules; all
 * of apache-arrow takes 70 to 110 ms.
 */
export function metadataClasses(): MetadataClasses {
  if (loaded !== undefined) return loaded;
  return (loaded = {
    ...(load("flatbuffers") as typeof FlatBuffers),
    ...(load("apache-arrow/fb/Message_generated") as typeof MessageClasses),
    ...(load("apache-arrow/fb/Schema_generated") as typeof SchemaClasses),
  });
}

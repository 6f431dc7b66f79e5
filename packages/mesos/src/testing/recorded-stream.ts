import { readFileSync } from "node:fs";
import { RecordDecoder } from "../http/record-decoder.ts";

/** Bytes of an event stream that a real master or agent sent; see `npm run mesos:record`. */
export function recordedStream(name: "scheduler" | "executor"): Buffer {
  return readFileSync(new URL(`../../fixtures/${name}.recordio`, import.meta.url));
}

/** Its records. */
export function recordedRecords(name: "scheduler" | "executor"): Buffer[] {
  return new RecordDecoder().push(recordedStream(name)).map((record) => Buffer.from(record));
}

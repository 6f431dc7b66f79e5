import type { CallSite } from "@gloam/common";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { publish, writing, type FileOutput } from "./file-output.ts";

/** Where the committed parts of one task wait for those of the others: a directory for each key. */
export function committedParts({ attempts }: FileOutput, partition: number): string {
  return join(attempts, `committed-${partition}`);
}

/**
 * Makes an output by key visible, on the driver, after the tasks of all `partitions` have committed: puts the parts of each key
 * together. Costs a rename for each key of each task. Throws what `commitJob` throws.
 */
export async function commitKeyedJob(output: FileOutput, partitions: number, callSite?: CallSite): Promise<void> {
  const { staging, attempts } = output;
  for (let partition = 0; partition < partitions; partition++) {
    const parts = committedParts(output, partition);
    for (const key of await writing(parts, () => readdir(parts), { callSite })) {
      const directory = join(staging, key);
      await writing(directory, () => mkdir(directory, { recursive: true }), { callSite });
      for (const name of await writing(parts, () => readdir(join(parts, key)), { callSite })) {
        await writing(directory, () => rename(join(parts, key, name), join(directory, name)), { callSite });
      }
    }
  }
  await writing(staging, () => rm(attempts, { recursive: true, force: true }), { callSite });
  await publish(output, callSite);
}

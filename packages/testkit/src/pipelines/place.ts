import { GloamContext, type GloamContextOptions } from "gloam";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where pipelines run, and may write. */
export interface Place extends AsyncDisposable {
  readonly gc: GloamContext;
  /** As many slots as tasks of a barrier need, and as a task of several slots needs of one executor. Changes no outcome. */
  readonly slots: 1 | 2;
  /** The path of a file or directory that is not there yet. */
  readonly newPath: () => string;
}

/** Starts a context with a directory of its own, for checkpoints too; both go with it. */
export async function openPlace(options: GloamContextOptions, slots: 1 | 2): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), "gloam-pipelines-"));
  const gc = new GloamContext({ appName: "random pipelines", ...options });
  gc.setCheckpointDir(join(directory, "checkpoints"));
  let paths = 0;
  return {
    gc,
    slots,
    newPath: () => join(directory, `path-${paths++}`),
    async [Symbol.asyncDispose]() {
      await gc.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

import type { BatchReader, Sink, TextReader } from "@gloam/plan";
import { LoopRunner, type LoopEnvironment } from "./segment-reader.ts";
import type { LoopSource } from "./loop-writer.ts";

const noOutput: unknown[] = [];

/**
 * Drives a partition: pulls batches and runs the loop that ends in the sink, until the input ends or the sink has enough.
 * Returns to the event loop only where something upstream is asynchronous.
 */
export async function drainInto(
  input: BatchReader | TextReader,
  sink: Sink,
  source: LoopSource,
  functions: string,
  environment: LoopEnvironment,
): Promise<void> {
  const loop = new LoopRunner(source, functions, environment, false);
  const { progress } = loop;
  while (!progress.stopped) {
    const wait = "ready" in input ? input.ready?.() : undefined;
    if (wait !== undefined) await wait;
    environment.checkCancelled();
    const batch = input.next();
    if (batch === undefined) break;
    progress.next = 0;
    while (progress.next < batch.length && !progress.stopped) loop.run(batch, progress.next, noOutput);
    sink.afterBatch?.();
  }
}

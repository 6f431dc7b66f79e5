import type { Batch, BatchReader, Sink, TextBatch, TextReader } from "@gloam/plan";
import { LoopRunner, type LoopEnvironment } from "./segment-reader.ts";
import type { LoopSource } from "./loop-writer.ts";
import type { TakeWhole } from "./whole-batches.ts";

const noOutput: unknown[] = [];
/** What is left of a batch that was taken whole. */
const taken: Batch = { length: 0, rows: [] };

/**
 * Drives a partition: pulls batches and runs the loop that ends in the sink, until the input ends or the sink has enough.
 * Returns to the event loop only where something upstream is asynchronous.
 *
 * @param take Takes whole batches past the loop, which has strings of those texts that it does not take.
 */
export async function drainInto(
  input: BatchReader | TextReader,
  sink: Sink,
  source: LoopSource,
  functions: string,
  environment: LoopEnvironment,
  take?: TakeWhole,
): Promise<void> {
  const loop = new LoopRunner(source, functions, environment, false);
  const { progress } = loop;
  while (!progress.stopped) {
    const wait = "ready" in input ? input.ready?.() : undefined;
    if (wait !== undefined) await wait;
    environment.checkCancelled();
    const next = input.next();
    if (next === undefined) break;
    const batch = take === undefined ? next : take(next) ? taken : withStrings(next);
    progress.next = 0;
    while (progress.next < batch.length && !progress.stopped) loop.run(batch, progress.next, noOutput);
    sink.afterBatch?.();
  }
}

function withStrings(batch: Batch | TextBatch): Batch {
  return "texts" in batch ? { length: batch.length, rows: batch.texts.strings() } : batch;
}

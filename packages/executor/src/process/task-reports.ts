import { encodeValue } from "@gloam/arrow";
import type { BarrierCall, BarrierContent } from "@gloam/plan";
import type {
  BarrierCallMessage,
  FromExecutor,
  StoredBlock,
  StoredOutput,
  TaskFailureMessage,
  TaskOutcomeMessage,
} from "@gloam/protocol";
import type { OutputHandle } from "@gloam/storage";
import { compactIndex } from "../exchange/compact-index.ts";
import type { BlockTraffic } from "../exchange/traffic-counters.ts";
import type { HostedFailure, HostedTaskEnd } from "../host/host-port.ts";

type TaskReport = Extract<FromExecutor, { type: "finished" | "failed" }>;

/** What an executor counts. */
export interface ExecutorFigures extends BlockTraffic {
  /** Cached blocks that made room for others. */
  readonly evictedBlocks: number;
}

/** What a driver is told of a task's end. */
export function reportOf(task: number, end: HostedTaskEnd, traffic: ExecutorFigures): TaskReport {
  const blocks: StoredBlock[] = end.blocks.map(({ node, partition, handle, level }) => ({
    ...{ node, partition, level },
    worker: end.worker,
    output: stored(handle),
  }));
  if (end.type === "failed") return { type: "failed", task, failure: failureOf(end.failure), blocks, traffic };
  const { outcome, accumulators } = end;
  return { type: "finished", task, outcome: outcomeOf(outcome), accumulators, blocks, traffic };
}

function outcomeOf(outcome: Extract<HostedTaskEnd, { type: "finished" }>["outcome"]): TaskOutcomeMessage {
  if (outcome.kind === "result") return outcome;
  if (outcome.kind === "storedResult") {
    return { kind: "storedResult", output: stored(outcome.handle), encoded: outcome.encoded };
  }
  const { handle, sizes, sketch } = outcome;
  return {
    kind: "output",
    output: stored(handle),
    sizes: new Uint8Array(sizes.buffer, sizes.byteOffset, sizes.byteLength),
    sketch,
  };
}

function failureOf(failure: HostedFailure): TaskFailureMessage {
  // Whatever the user's error carries: its bytes are opaque to who only passes them on.
  return "error" in failure ? { ...failure, error: encodeValue(failure.error) } : failure;
}

/** What a driver is told of what a task of a barrier does. */
export function barrierCallOf(call: BarrierCall): BarrierCallMessage {
  if (call.kind === "receive") return call;
  if (call.kind === "send") return { ...call, content: contentOf(call.content) };
  const { content } = call;
  return { ...call, content: content && contentOf(content) };
}

function contentOf(content: BarrierContent): Extract<BarrierCallMessage, { kind: "send" }>["content"] {
  if (content.kind === "bytes") return { kind: "bytes", parts: [...content.parts] };
  return { kind: "block", output: stored(content.handle), parts: content.parts };
}

/** An output as a driver is told of it. */
export function stored(handle: unknown): StoredOutput {
  const { store, output } = handle as OutputHandle;
  return { store, output, index: compactIndex(handle as OutputHandle) };
}

import { decodeValue } from "@gloam/arrow";
import { GloamError, readSerializedError, serializeError } from "@gloam/common";
import { levelNamed, type BarrierCall, type BarrierContent, type StorageLevel } from "@gloam/plan";
import type { BarrierCallMessage, FromExecutor, StoredBlock, StoredOutput, TaskFailureMessage } from "@gloam/protocol";
import type { CachedBlock, TaskFailure, TaskOutcome } from "@gloam/scheduler";
import type { ReportedError } from "../driver-error.ts";
import type { ReportedResult } from "../reported-result.ts";
import type { RemoteHandle } from "./remote-handle.ts";

/** An outcome that comes with its report: all but results that are to be fetched. */
export type ReportedOutcome = Exclude<
  Extract<FromExecutor, { type: "finished" }>["outcome"],
  { readonly kind: "storedResult" }
>;

/** Where an output lies that an executor reports. */
export function handleOf(executor: string, { store, output, index }: StoredOutput, level?: StorageLevel): RemoteHandle {
  return { executor, store, output, index, ...(level !== undefined && { level }) };
}

export function cachedBlockOf(executor: string, { node, partition, worker, level, output }: StoredBlock): CachedBlock {
  return { node, partition, executor, slot: worker, handle: handleOf(executor, output, levelNamed(level)) };
}

/** What a task of a barrier does, on that executor. */
export function barrierCallOf(executor: string, call: BarrierCallMessage): BarrierCall {
  if (call.kind === "receive") return { ...call, site: call.site };
  if (call.kind === "send") return { ...call, content: contentOf(executor, call.content) };
  const { content, site } = call;
  return { ...call, site, content: content && contentOf(executor, content) };
}

function contentOf(
  executor: string,
  content: Extract<BarrierCallMessage, { kind: "send" }>["content"],
): BarrierContent {
  if (content.kind === "bytes") return content;
  return { kind: "block", handle: handleOf(executor, content.output), parts: content.parts };
}

export function outcomeOf(executor: string, outcome: ReportedOutcome): TaskOutcome {
  if (outcome.kind === "result") {
    const { bytes, encoded } = outcome;
    return { kind: "result", value: { bytes, encoded } satisfies ReportedResult };
  }
  const { output, sizes, sketch } = outcome;
  const whole = Uint8Array.from(sizes.subarray(0, sizes.length - (sizes.length % 8)));
  return { kind: "mapOutput", handle: handleOf(executor, output), sizes: new Float64Array(whole.buffer), sketch };
}

export function failureOf(failure: TaskFailureMessage): TaskFailure {
  if (failure.kind === "commitDenied" || failure.kind === "killed") return failure;
  const error = reported(failure.error);
  if (failure.kind === "exception") return { kind: "exception", error: { ...error, operation: failure.operation } };
  return { ...failure, error };
}

/** What an executor says that it would not say. */
export function invalidReport(detail: string): GloamError {
  return new GloamError("GLOAM_FRAME_INVALID", detail);
}

function reported(error: Uint8Array): ReportedError {
  try {
    return { error: readSerializedError(decodeValue(error)) };
  } catch (cause) {
    const detail = `an error that an executor reported cannot be read: ${String(cause)}`;
    return { error: serializeError(invalidReport(detail)) };
  }
}

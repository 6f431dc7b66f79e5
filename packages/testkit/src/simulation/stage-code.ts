import type { StageCodeSource } from "@gloam/cluster/parts";
import { packMessage, unpackMessage } from "@gloam/protocol";
import type { StageKind } from "@gloam/scheduler";

/** What an executor of the simulation has to know of a stage. */
export interface SimulatedStage {
  readonly kind: StageKind;
  /** Whose partitions are computed. */
  readonly node: number;
}

/** Codes of simulated stages: they say what the stage is, and their payloads whose they are. `nodeOf` says whose partitions one computes. */
export function simulatedCode(nodeOf: (kind: StageKind) => number): StageCodeSource {
  return {
    codeOf: (kind) => {
      const node = nodeOf(kind);
      return {
        bytes: packMessage({ kind, node } satisfies SimulatedStage),
        payloads: (partition) => [{ node: 0, partition, payload: payloadOf(node, partition) }],
      };
    },
  };
}

export function payloadOf(node: number, partition: number): string {
  return `${node}/${partition}`;
}

export function readStageCode(bytes: Uint8Array): SimulatedStage {
  return unpackMessage(bytes, { depth: 4, values: 16 }) as SimulatedStage;
}

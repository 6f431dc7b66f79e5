import type { NodeId, ShuffleId } from "@gloam/plan";
import type { GraphIndex } from "./graph-index.ts";
import type { JobId, JobProperties } from "./messages.ts";
import type { JobResults, Stage } from "./stage.ts";

/** A job from its submission until it finishes, fails or is cancelled. */
export interface Job {
  readonly id: JobId;
  /** Position in the order of submission. */
  readonly order: number;
  readonly graph: GraphIndex;
  readonly properties: JobProperties;
  readonly resultStage: Stage;
  readonly results: JobResults;
  /** Every stage that was set to work for it, its result stage among them. */
  readonly stages: Set<Stage>;
  /** Released by their owners, but kept because this job may read them. */
  readonly keptShuffles: Set<ShuffleId>;
  readonly keptNodes: Set<NodeId>;
}

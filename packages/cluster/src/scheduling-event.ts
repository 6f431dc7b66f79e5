import type { GloamEvent, StageSubmittedEvent } from "@gloam/common";
import type { StageKind } from "@gloam/scheduler";

/** What whoever schedules tells of what goes on: the driver adds the names of operations, which it alone knows. */
export type SchedulingEvent =
  | Exclude<GloamEvent, { type: "applicationStart" | "applicationEnd" | "jobStart" | "jobEnd" | "stageSubmitted" }>
  | (Omit<StageSubmittedEvent, "operation" | "callSite" | "rdd" | "kind"> & {
      readonly kind: StageKind;
      readonly node: number;
    });

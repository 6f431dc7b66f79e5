// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

import type {
  TaskInfo,
  TaskStatus,
  TaskID,
  KillPolicy,
  TaskGroupInfo,
  ExecutorInfo,
  FrameworkInfo,
  AgentInfo,
  ContainerID,
} from "./mesos.ts";

/** `mesos.v1.executor.Call` */
export type ExecutorCall =
  | {
      readonly type: "SUBSCRIBE";
      readonly subscribe: ExecutorCallSubscribe;
    }
  | {
      readonly type: "UPDATE";
      readonly update: ExecutorCallUpdate;
    }
  | {
      readonly type: "MESSAGE";
      readonly message: ExecutorCallMessage;
    }
  | {
      readonly type: "HEARTBEAT";
    };

/** `mesos.v1.executor.Call.Message` */
export interface ExecutorCallMessage {
  /** Bytes in base64. */
  readonly data: string;
}

/** `mesos.v1.executor.Call.Subscribe` */
export interface ExecutorCallSubscribe {
  readonly unacknowledged_tasks?: readonly TaskInfo[];
  readonly unacknowledged_updates?: readonly ExecutorCallUpdate[];
}

/** `mesos.v1.executor.Call.Type` */
export type ExecutorCallType = "UNKNOWN" | "SUBSCRIBE" | "UPDATE" | "MESSAGE" | "HEARTBEAT";

/** `mesos.v1.executor.Call.Update` */
export interface ExecutorCallUpdate {
  readonly status: TaskStatus;
}

/** `mesos.v1.executor.Event` */
export type ExecutorEvent =
  | {
      readonly type: "SUBSCRIBED";
      readonly subscribed: ExecutorEventSubscribed;
    }
  | {
      readonly type: "LAUNCH";
      readonly launch: ExecutorEventLaunch;
    }
  | {
      readonly type: "LAUNCH_GROUP";
      readonly launch_group: ExecutorEventLaunchGroup;
    }
  | {
      readonly type: "KILL";
      readonly kill: ExecutorEventKill;
    }
  | {
      readonly type: "ACKNOWLEDGED";
      readonly acknowledged: ExecutorEventAcknowledged;
    }
  | {
      readonly type: "MESSAGE";
      readonly message: ExecutorEventMessage;
    }
  | {
      readonly type: "ERROR";
      readonly error: ExecutorEventError;
    }
  | {
      readonly type: "SHUTDOWN";
    }
  | {
      readonly type: "HEARTBEAT";
    };

/** `mesos.v1.executor.Event.Acknowledged` */
export interface ExecutorEventAcknowledged {
  readonly task_id: TaskID;
  /** Bytes in base64. */
  readonly uuid: string;
}

/** `mesos.v1.executor.Event.Error` */
export interface ExecutorEventError {
  readonly message: string;
}

/** `mesos.v1.executor.Event.Kill` */
export interface ExecutorEventKill {
  readonly task_id: TaskID;
  readonly kill_policy?: KillPolicy;
}

/** `mesos.v1.executor.Event.Launch` */
export interface ExecutorEventLaunch {
  readonly task: TaskInfo;
}

/** `mesos.v1.executor.Event.LaunchGroup` */
export interface ExecutorEventLaunchGroup {
  readonly task_group: TaskGroupInfo;
}

/** `mesos.v1.executor.Event.Message` */
export interface ExecutorEventMessage {
  /** Bytes in base64. */
  readonly data: string;
}

/** `mesos.v1.executor.Event.Subscribed` */
export interface ExecutorEventSubscribed {
  readonly executor_info: ExecutorInfo;
  readonly framework_info: FrameworkInfo;
  readonly agent_info: AgentInfo;
  readonly container_id?: ContainerID;
}

/** `mesos.v1.executor.Event.Type` */
export type ExecutorEventType =
  | "UNKNOWN"
  | "SUBSCRIBED"
  | "LAUNCH"
  | "LAUNCH_GROUP"
  | "KILL"
  | "ACKNOWLEDGED"
  | "MESSAGE"
  | "ERROR"
  | "SHUTDOWN"
  | "HEARTBEAT";

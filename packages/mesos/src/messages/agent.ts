// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

import type {
  ResourceProviderInfo,
  ContainerID,
  DurationInfo,
  CommandInfo,
  Resource,
  ContainerInfo,
  ValueScalar,
  ResourceProviderID,
  Image,
  TTYInfo,
  AgentInfo,
  DrainConfig,
  TimeInfo,
  FrameworkID,
  ExecutorID,
  ContainerStatus,
  ResourceStatistics,
  ExecutorInfo,
  Flag,
  FrameworkInfo,
  Metric,
  Operation,
  Task,
  VersionInfo,
  FileInfo,
  TaskState,
  TaskStatusReason,
  TaskResourceLimitation,
} from "./mesos.ts";

/** `mesos.v1.agent.Call` */
export type AgentCall =
  | {
      readonly type: "GET_HEALTH";
    }
  | {
      readonly type: "GET_FLAGS";
    }
  | {
      readonly type: "GET_VERSION";
    }
  | {
      readonly type: "GET_METRICS";
      readonly get_metrics: AgentCallGetMetrics;
    }
  | {
      readonly type: "GET_LOGGING_LEVEL";
    }
  | {
      readonly type: "SET_LOGGING_LEVEL";
      readonly set_logging_level: AgentCallSetLoggingLevel;
    }
  | {
      readonly type: "LIST_FILES";
      readonly list_files: AgentCallListFiles;
    }
  | {
      readonly type: "READ_FILE";
      readonly read_file: AgentCallReadFile;
    }
  | {
      readonly type: "GET_STATE";
    }
  | {
      readonly type: "GET_CONTAINERS";
      readonly get_containers: AgentCallGetContainers;
    }
  | {
      readonly type: "GET_FRAMEWORKS";
    }
  | {
      readonly type: "GET_EXECUTORS";
    }
  | {
      readonly type: "GET_OPERATIONS";
    }
  | {
      readonly type: "GET_TASKS";
    }
  | {
      readonly type: "GET_AGENT";
    }
  | {
      readonly type: "GET_RESOURCE_PROVIDERS";
    }
  | {
      readonly type: "LAUNCH_NESTED_CONTAINER";
      /** Deprecated by Mesos. */
      readonly launch_nested_container: AgentCallLaunchNestedContainer;
    }
  | {
      readonly type: "WAIT_NESTED_CONTAINER";
      /** Deprecated by Mesos. */
      readonly wait_nested_container: AgentCallWaitNestedContainer;
    }
  | {
      readonly type: "KILL_NESTED_CONTAINER";
      /** Deprecated by Mesos. */
      readonly kill_nested_container: AgentCallKillNestedContainer;
    }
  | {
      readonly type: "REMOVE_NESTED_CONTAINER";
      /** Deprecated by Mesos. */
      readonly remove_nested_container: AgentCallRemoveNestedContainer;
    }
  | {
      readonly type: "LAUNCH_NESTED_CONTAINER_SESSION";
      readonly launch_nested_container_session: AgentCallLaunchNestedContainerSession;
    }
  | {
      readonly type: "ATTACH_CONTAINER_INPUT";
      readonly attach_container_input: AgentCallAttachContainerInput;
    }
  | {
      readonly type: "ATTACH_CONTAINER_OUTPUT";
      readonly attach_container_output: AgentCallAttachContainerOutput;
    }
  | {
      readonly type: "LAUNCH_CONTAINER";
      readonly launch_container: AgentCallLaunchContainer;
    }
  | {
      readonly type: "WAIT_CONTAINER";
      readonly wait_container: AgentCallWaitContainer;
    }
  | {
      readonly type: "KILL_CONTAINER";
      readonly kill_container: AgentCallKillContainer;
    }
  | {
      readonly type: "REMOVE_CONTAINER";
      readonly remove_container: AgentCallRemoveContainer;
    }
  | {
      readonly type: "ADD_RESOURCE_PROVIDER_CONFIG";
      readonly add_resource_provider_config: AgentCallAddResourceProviderConfig;
    }
  | {
      readonly type: "UPDATE_RESOURCE_PROVIDER_CONFIG";
      readonly update_resource_provider_config: AgentCallUpdateResourceProviderConfig;
    }
  | {
      readonly type: "REMOVE_RESOURCE_PROVIDER_CONFIG";
      readonly remove_resource_provider_config: AgentCallRemoveResourceProviderConfig;
    }
  | {
      readonly type: "MARK_RESOURCE_PROVIDER_GONE";
      readonly mark_resource_provider_gone: AgentCallMarkResourceProviderGone;
    }
  | {
      readonly type: "PRUNE_IMAGES";
      readonly prune_images: AgentCallPruneImages;
    };

/** `mesos.v1.agent.Call.AddResourceProviderConfig` */
export interface AgentCallAddResourceProviderConfig {
  readonly info: ResourceProviderInfo;
}

/** `mesos.v1.agent.Call.AttachContainerInput` */
export interface AgentCallAttachContainerInput {
  readonly type?: AgentCallAttachContainerInputType;
  readonly container_id?: ContainerID;
  readonly process_io?: AgentProcessIO;
}

/** `mesos.v1.agent.Call.AttachContainerInput.Type` */
export type AgentCallAttachContainerInputType = "UNKNOWN" | "CONTAINER_ID" | "PROCESS_IO";

/** `mesos.v1.agent.Call.AttachContainerOutput` */
export interface AgentCallAttachContainerOutput {
  readonly container_id: ContainerID;
}

/** `mesos.v1.agent.Call.GetContainers` */
export interface AgentCallGetContainers {
  readonly show_nested?: boolean;
  readonly show_standalone?: boolean;
}

/** `mesos.v1.agent.Call.GetMetrics` */
export interface AgentCallGetMetrics {
  readonly timeout?: DurationInfo;
}

/** `mesos.v1.agent.Call.KillContainer` */
export interface AgentCallKillContainer {
  readonly container_id: ContainerID;
  readonly signal?: number;
}

/** `mesos.v1.agent.Call.KillNestedContainer` */
export interface AgentCallKillNestedContainer {
  readonly container_id: ContainerID;
  readonly signal?: number;
}

/** `mesos.v1.agent.Call.LaunchContainer` */
export interface AgentCallLaunchContainer {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo;
  readonly resources?: readonly Resource[];
  readonly container?: ContainerInfo;
  readonly limits?: Readonly<Record<string, ValueScalar>>;
}

/** `mesos.v1.agent.Call.LaunchNestedContainer` */
export interface AgentCallLaunchNestedContainer {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
}

/** `mesos.v1.agent.Call.LaunchNestedContainerSession` */
export interface AgentCallLaunchNestedContainerSession {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
}

/** `mesos.v1.agent.Call.ListFiles` */
export interface AgentCallListFiles {
  readonly path: string;
}

/** `mesos.v1.agent.Call.MarkResourceProviderGone` */
export interface AgentCallMarkResourceProviderGone {
  readonly resource_provider_id: ResourceProviderID;
}

/** `mesos.v1.agent.Call.PruneImages` */
export interface AgentCallPruneImages {
  readonly excluded_images?: readonly Image[];
}

/** `mesos.v1.agent.Call.ReadFile` */
export interface AgentCallReadFile {
  readonly path: string;
  readonly offset: number;
  readonly length?: number;
}

/** `mesos.v1.agent.Call.RemoveContainer` */
export interface AgentCallRemoveContainer {
  readonly container_id: ContainerID;
}

/** `mesos.v1.agent.Call.RemoveNestedContainer` */
export interface AgentCallRemoveNestedContainer {
  readonly container_id: ContainerID;
}

/** `mesos.v1.agent.Call.RemoveResourceProviderConfig` */
export interface AgentCallRemoveResourceProviderConfig {
  readonly type: string;
  readonly name: string;
}

/** `mesos.v1.agent.Call.SetLoggingLevel` */
export interface AgentCallSetLoggingLevel {
  readonly level: number;
  readonly duration: DurationInfo;
}

/** `mesos.v1.agent.Call.Type` */
export type AgentCallType =
  | "UNKNOWN"
  | "GET_HEALTH"
  | "GET_FLAGS"
  | "GET_VERSION"
  | "GET_METRICS"
  | "GET_LOGGING_LEVEL"
  | "SET_LOGGING_LEVEL"
  | "LIST_FILES"
  | "READ_FILE"
  | "GET_STATE"
  | "GET_CONTAINERS"
  | "GET_FRAMEWORKS"
  | "GET_EXECUTORS"
  | "GET_OPERATIONS"
  | "GET_TASKS"
  | "GET_AGENT"
  | "GET_RESOURCE_PROVIDERS"
  | "LAUNCH_NESTED_CONTAINER"
  | "WAIT_NESTED_CONTAINER"
  | "KILL_NESTED_CONTAINER"
  | "REMOVE_NESTED_CONTAINER"
  | "LAUNCH_NESTED_CONTAINER_SESSION"
  | "ATTACH_CONTAINER_INPUT"
  | "ATTACH_CONTAINER_OUTPUT"
  | "LAUNCH_CONTAINER"
  | "WAIT_CONTAINER"
  | "KILL_CONTAINER"
  | "REMOVE_CONTAINER"
  | "ADD_RESOURCE_PROVIDER_CONFIG"
  | "UPDATE_RESOURCE_PROVIDER_CONFIG"
  | "REMOVE_RESOURCE_PROVIDER_CONFIG"
  | "MARK_RESOURCE_PROVIDER_GONE"
  | "PRUNE_IMAGES";

/** `mesos.v1.agent.Call.UpdateResourceProviderConfig` */
export interface AgentCallUpdateResourceProviderConfig {
  readonly info: ResourceProviderInfo;
}

/** `mesos.v1.agent.Call.WaitContainer` */
export interface AgentCallWaitContainer {
  readonly container_id: ContainerID;
}

/** `mesos.v1.agent.Call.WaitNestedContainer` */
export interface AgentCallWaitNestedContainer {
  readonly container_id: ContainerID;
}

/** `mesos.v1.agent.ProcessIO` */
export interface AgentProcessIO {
  readonly type?: AgentProcessIOType;
  readonly data?: AgentProcessIOData;
  readonly control?: AgentProcessIOControl;
}

/** `mesos.v1.agent.ProcessIO.Control` */
export interface AgentProcessIOControl {
  readonly type?: AgentProcessIOControlType;
  readonly tty_info?: TTYInfo;
  readonly heartbeat?: AgentProcessIOControlHeartbeat;
}

/** `mesos.v1.agent.ProcessIO.Control.Heartbeat` */
export interface AgentProcessIOControlHeartbeat {
  readonly interval?: DurationInfo;
}

/** `mesos.v1.agent.ProcessIO.Control.Type` */
export type AgentProcessIOControlType = "UNKNOWN" | "TTY_INFO" | "HEARTBEAT";

/** `mesos.v1.agent.ProcessIO.Data` */
export interface AgentProcessIOData {
  readonly type?: AgentProcessIODataType;
  /** Bytes in base64. */
  readonly data?: string;
}

/** `mesos.v1.agent.ProcessIO.Data.Type` */
export type AgentProcessIODataType = "UNKNOWN" | "STDIN" | "STDOUT" | "STDERR";

/** `mesos.v1.agent.ProcessIO.Type` */
export type AgentProcessIOType = "UNKNOWN" | "DATA" | "CONTROL";

/** `mesos.v1.agent.Response` */
export type AgentResponse =
  | {
      readonly type: "GET_HEALTH";
      readonly get_health: AgentResponseGetHealth;
    }
  | {
      readonly type: "GET_FLAGS";
      readonly get_flags: AgentResponseGetFlags;
    }
  | {
      readonly type: "GET_VERSION";
      readonly get_version: AgentResponseGetVersion;
    }
  | {
      readonly type: "GET_METRICS";
      readonly get_metrics: AgentResponseGetMetrics;
    }
  | {
      readonly type: "GET_LOGGING_LEVEL";
      readonly get_logging_level: AgentResponseGetLoggingLevel;
    }
  | {
      readonly type: "LIST_FILES";
      readonly list_files?: AgentResponseListFiles;
    }
  | {
      readonly type: "READ_FILE";
      readonly read_file: AgentResponseReadFile;
    }
  | {
      readonly type: "GET_STATE";
      readonly get_state: AgentResponseGetState;
    }
  | {
      readonly type: "GET_CONTAINERS";
      readonly get_containers?: AgentResponseGetContainers;
    }
  | {
      readonly type: "GET_FRAMEWORKS";
      readonly get_frameworks: AgentResponseGetFrameworks;
    }
  | {
      readonly type: "GET_EXECUTORS";
      readonly get_executors: AgentResponseGetExecutors;
    }
  | {
      readonly type: "GET_OPERATIONS";
      readonly get_operations: AgentResponseGetOperations;
    }
  | {
      readonly type: "GET_TASKS";
      readonly get_tasks: AgentResponseGetTasks;
    }
  | {
      readonly type: "GET_AGENT";
      readonly get_agent: AgentResponseGetAgent;
    }
  | {
      readonly type: "GET_RESOURCE_PROVIDERS";
      readonly get_resource_providers: AgentResponseGetResourceProviders;
    }
  | {
      readonly type: "WAIT_NESTED_CONTAINER";
      readonly wait_nested_container: AgentResponseWaitNestedContainer;
    }
  | {
      readonly type: "WAIT_CONTAINER";
      readonly wait_container: AgentResponseWaitContainer;
    };

/** `mesos.v1.agent.Response.GetAgent` */
export interface AgentResponseGetAgent {
  readonly agent_info?: AgentInfo;
  readonly drain_config?: DrainConfig;
  readonly estimated_drain_start_time?: TimeInfo;
}

/** `mesos.v1.agent.Response.GetContainers` */
export interface AgentResponseGetContainers {
  readonly containers?: readonly AgentResponseGetContainersContainer[];
}

/** `mesos.v1.agent.Response.GetContainers.Container` */
export interface AgentResponseGetContainersContainer {
  readonly framework_id?: FrameworkID;
  readonly executor_id?: ExecutorID;
  readonly executor_name?: string;
  readonly container_id: ContainerID;
  readonly container_status?: ContainerStatus;
  readonly resource_statistics?: ResourceStatistics;
}

/** `mesos.v1.agent.Response.GetExecutors` */
export interface AgentResponseGetExecutors {
  readonly executors?: readonly AgentResponseGetExecutorsExecutor[];
  readonly completed_executors?: readonly AgentResponseGetExecutorsExecutor[];
}

/** `mesos.v1.agent.Response.GetExecutors.Executor` */
export interface AgentResponseGetExecutorsExecutor {
  readonly executor_info: ExecutorInfo;
}

/** `mesos.v1.agent.Response.GetFlags` */
export interface AgentResponseGetFlags {
  readonly flags?: readonly Flag[];
}

/** `mesos.v1.agent.Response.GetFrameworks` */
export interface AgentResponseGetFrameworks {
  readonly frameworks?: readonly AgentResponseGetFrameworksFramework[];
  readonly completed_frameworks?: readonly AgentResponseGetFrameworksFramework[];
}

/** `mesos.v1.agent.Response.GetFrameworks.Framework` */
export interface AgentResponseGetFrameworksFramework {
  readonly framework_info: FrameworkInfo;
}

/** `mesos.v1.agent.Response.GetHealth` */
export interface AgentResponseGetHealth {
  readonly healthy: boolean;
}

/** `mesos.v1.agent.Response.GetLoggingLevel` */
export interface AgentResponseGetLoggingLevel {
  readonly level: number;
}

/** `mesos.v1.agent.Response.GetMetrics` */
export interface AgentResponseGetMetrics {
  readonly metrics?: readonly Metric[];
}

/** `mesos.v1.agent.Response.GetOperations` */
export interface AgentResponseGetOperations {
  readonly operations?: readonly Operation[];
}

/** `mesos.v1.agent.Response.GetResourceProviders` */
export interface AgentResponseGetResourceProviders {
  readonly resource_providers?: readonly AgentResponseGetResourceProvidersResourceProvider[];
}

/** `mesos.v1.agent.Response.GetResourceProviders.ResourceProvider` */
export interface AgentResponseGetResourceProvidersResourceProvider {
  readonly resource_provider_info: ResourceProviderInfo;
  readonly total_resources?: readonly Resource[];
}

/** `mesos.v1.agent.Response.GetState` */
export interface AgentResponseGetState {
  readonly get_tasks?: AgentResponseGetTasks;
  readonly get_executors?: AgentResponseGetExecutors;
  readonly get_frameworks?: AgentResponseGetFrameworks;
}

/** `mesos.v1.agent.Response.GetTasks` */
export interface AgentResponseGetTasks {
  readonly pending_tasks?: readonly Task[];
  readonly queued_tasks?: readonly Task[];
  readonly launched_tasks?: readonly Task[];
  readonly terminated_tasks?: readonly Task[];
  readonly completed_tasks?: readonly Task[];
}

/** `mesos.v1.agent.Response.GetVersion` */
export interface AgentResponseGetVersion {
  readonly version_info: VersionInfo;
}

/** `mesos.v1.agent.Response.ListFiles` */
export interface AgentResponseListFiles {
  readonly file_infos?: readonly FileInfo[];
}

/** `mesos.v1.agent.Response.ReadFile` */
export interface AgentResponseReadFile {
  readonly size: number;
  /** Bytes in base64. */
  readonly data: string;
}

/** `mesos.v1.agent.Response.Type` */
export type AgentResponseType =
  | "UNKNOWN"
  | "GET_HEALTH"
  | "GET_FLAGS"
  | "GET_VERSION"
  | "GET_METRICS"
  | "GET_LOGGING_LEVEL"
  | "LIST_FILES"
  | "READ_FILE"
  | "GET_STATE"
  | "GET_CONTAINERS"
  | "GET_FRAMEWORKS"
  | "GET_EXECUTORS"
  | "GET_OPERATIONS"
  | "GET_TASKS"
  | "GET_AGENT"
  | "GET_RESOURCE_PROVIDERS"
  | "WAIT_NESTED_CONTAINER"
  | "WAIT_CONTAINER";

/** `mesos.v1.agent.Response.WaitContainer` */
export interface AgentResponseWaitContainer {
  readonly exit_status?: number;
  readonly state?: TaskState;
  readonly reason?: TaskStatusReason;
  readonly limitation?: TaskResourceLimitation;
  readonly message?: string;
}

/** `mesos.v1.agent.Response.WaitNestedContainer` */
export interface AgentResponseWaitNestedContainer {
  readonly exit_status?: number;
  readonly state?: TaskState;
  readonly reason?: TaskStatusReason;
  readonly limitation?: TaskResourceLimitation;
  readonly message?: string;
}

// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

import type {
  AgentID,
  Resource,
  Duration,
  DurationInfo,
  ValueScalar,
  MachineID,
  FrameworkID,
  WeightInfo,
  AgentInfo,
  TimeInfo,
  AgentInfoCapability,
  DrainInfo,
  ResourceProviderInfo,
  ExecutorInfo,
  Flag,
  FrameworkInfo,
  Offer,
  InverseOffer,
  MasterInfo,
  Metric,
  Operation,
  Role,
  Task,
  VersionInfo,
  FileInfo,
} from "./mesos.ts";

import type { QuotaRequest, QuotaConfig, QuotaStatus } from "./quota.ts";

import type { MaintenanceSchedule, MaintenanceClusterStatus } from "./maintenance.ts";

import type { SchedulerOfferConstraints } from "./scheduler.ts";

/** `mesos.v1.master.Call` */
export type MasterCall =
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
      readonly get_metrics: MasterCallGetMetrics;
    }
  | {
      readonly type: "GET_LOGGING_LEVEL";
    }
  | {
      readonly type: "SET_LOGGING_LEVEL";
      readonly set_logging_level: MasterCallSetLoggingLevel;
    }
  | {
      readonly type: "LIST_FILES";
      readonly list_files: MasterCallListFiles;
    }
  | {
      readonly type: "READ_FILE";
      readonly read_file: MasterCallReadFile;
    }
  | {
      readonly type: "GET_STATE";
    }
  | {
      readonly type: "GET_AGENTS";
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
      readonly type: "GET_ROLES";
    }
  | {
      readonly type: "GET_WEIGHTS";
    }
  | {
      readonly type: "UPDATE_WEIGHTS";
      readonly update_weights: MasterCallUpdateWeights;
    }
  | {
      readonly type: "GET_MASTER";
    }
  | {
      readonly type: "SUBSCRIBE";
    }
  | {
      readonly type: "RESERVE_RESOURCES";
      readonly reserve_resources: MasterCallReserveResources;
    }
  | {
      readonly type: "UNRESERVE_RESOURCES";
      readonly unreserve_resources: MasterCallUnreserveResources;
    }
  | {
      readonly type: "CREATE_VOLUMES";
      readonly create_volumes: MasterCallCreateVolumes;
    }
  | {
      readonly type: "DESTROY_VOLUMES";
      readonly destroy_volumes: MasterCallDestroyVolumes;
    }
  | {
      readonly type: "GROW_VOLUME";
      readonly grow_volume: MasterCallGrowVolume;
    }
  | {
      readonly type: "SHRINK_VOLUME";
      readonly shrink_volume: MasterCallShrinkVolume;
    }
  | {
      readonly type: "GET_MAINTENANCE_STATUS";
    }
  | {
      readonly type: "GET_MAINTENANCE_SCHEDULE";
    }
  | {
      readonly type: "UPDATE_MAINTENANCE_SCHEDULE";
      readonly update_maintenance_schedule: MasterCallUpdateMaintenanceSchedule;
    }
  | {
      readonly type: "START_MAINTENANCE";
      readonly start_maintenance: MasterCallStartMaintenance;
    }
  | {
      readonly type: "STOP_MAINTENANCE";
      readonly stop_maintenance: MasterCallStopMaintenance;
    }
  | {
      readonly type: "DRAIN_AGENT";
      readonly drain_agent: MasterCallDrainAgent;
    }
  | {
      readonly type: "DEACTIVATE_AGENT";
      readonly deactivate_agent: MasterCallDeactivateAgent;
    }
  | {
      readonly type: "REACTIVATE_AGENT";
      readonly reactivate_agent: MasterCallReactivateAgent;
    }
  | {
      readonly type: "GET_QUOTA";
    }
  | {
      readonly type: "UPDATE_QUOTA";
      readonly update_quota: MasterCallUpdateQuota;
    }
  | {
      readonly type: "SET_QUOTA";
      /** Deprecated by Mesos. */
      readonly set_quota: MasterCallSetQuota;
    }
  | {
      readonly type: "REMOVE_QUOTA";
      /** Deprecated by Mesos. */
      readonly remove_quota: MasterCallRemoveQuota;
    }
  | {
      readonly type: "TEARDOWN";
      readonly teardown: MasterCallTeardown;
    }
  | {
      readonly type: "MARK_AGENT_GONE";
      readonly mark_agent_gone: MasterCallMarkAgentGone;
    };

/** `mesos.v1.master.Call.CreateVolumes` */
export interface MasterCallCreateVolumes {
  readonly agent_id: AgentID;
  readonly volumes?: readonly Resource[];
}

/** `mesos.v1.master.Call.DeactivateAgent` */
export interface MasterCallDeactivateAgent {
  readonly agent_id: AgentID;
}

/** `mesos.v1.master.Call.DestroyVolumes` */
export interface MasterCallDestroyVolumes {
  readonly agent_id: AgentID;
  readonly volumes?: readonly Resource[];
}

/** `mesos.v1.master.Call.DrainAgent` */
export interface MasterCallDrainAgent {
  readonly agent_id: AgentID;
  readonly max_grace_period?: Duration;
  /** Default: `false`. */
  readonly mark_gone?: boolean;
}

/** `mesos.v1.master.Call.GetMetrics` */
export interface MasterCallGetMetrics {
  readonly timeout?: DurationInfo;
}

/** `mesos.v1.master.Call.GrowVolume` */
export interface MasterCallGrowVolume {
  readonly agent_id?: AgentID;
  readonly volume: Resource;
  readonly addition: Resource;
}

/** `mesos.v1.master.Call.ListFiles` */
export interface MasterCallListFiles {
  readonly path: string;
}

/** `mesos.v1.master.Call.MarkAgentGone` */
export interface MasterCallMarkAgentGone {
  readonly agent_id: AgentID;
}

/** `mesos.v1.master.Call.ReactivateAgent` */
export interface MasterCallReactivateAgent {
  readonly agent_id: AgentID;
}

/** `mesos.v1.master.Call.ReadFile` */
export interface MasterCallReadFile {
  readonly path: string;
  readonly offset: number;
  readonly length?: number;
}

/** `mesos.v1.master.Call.RemoveQuota` */
export interface MasterCallRemoveQuota {
  readonly role: string;
}

/** `mesos.v1.master.Call.ReserveResources` */
export interface MasterCallReserveResources {
  readonly agent_id: AgentID;
  readonly source?: readonly Resource[];
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.master.Call.SetLoggingLevel` */
export interface MasterCallSetLoggingLevel {
  readonly level: number;
  readonly duration: DurationInfo;
}

/** `mesos.v1.master.Call.SetQuota` */
export interface MasterCallSetQuota {
  readonly quota_request: QuotaRequest;
}

/** `mesos.v1.master.Call.ShrinkVolume` */
export interface MasterCallShrinkVolume {
  readonly agent_id?: AgentID;
  readonly volume: Resource;
  readonly subtract: ValueScalar;
}

/** `mesos.v1.master.Call.StartMaintenance` */
export interface MasterCallStartMaintenance {
  readonly machines?: readonly MachineID[];
}

/** `mesos.v1.master.Call.StopMaintenance` */
export interface MasterCallStopMaintenance {
  readonly machines?: readonly MachineID[];
}

/** `mesos.v1.master.Call.Teardown` */
export interface MasterCallTeardown {
  readonly framework_id: FrameworkID;
}

/** `mesos.v1.master.Call.Type` */
export type MasterCallType =
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
  | "GET_AGENTS"
  | "GET_FRAMEWORKS"
  | "GET_EXECUTORS"
  | "GET_OPERATIONS"
  | "GET_TASKS"
  | "GET_ROLES"
  | "GET_WEIGHTS"
  | "UPDATE_WEIGHTS"
  | "GET_MASTER"
  | "SUBSCRIBE"
  | "RESERVE_RESOURCES"
  | "UNRESERVE_RESOURCES"
  | "CREATE_VOLUMES"
  | "DESTROY_VOLUMES"
  | "GROW_VOLUME"
  | "SHRINK_VOLUME"
  | "GET_MAINTENANCE_STATUS"
  | "GET_MAINTENANCE_SCHEDULE"
  | "UPDATE_MAINTENANCE_SCHEDULE"
  | "START_MAINTENANCE"
  | "STOP_MAINTENANCE"
  | "DRAIN_AGENT"
  | "DEACTIVATE_AGENT"
  | "REACTIVATE_AGENT"
  | "GET_QUOTA"
  | "UPDATE_QUOTA"
  | "SET_QUOTA"
  | "REMOVE_QUOTA"
  | "TEARDOWN"
  | "MARK_AGENT_GONE";

/** `mesos.v1.master.Call.UnreserveResources` */
export interface MasterCallUnreserveResources {
  readonly agent_id: AgentID;
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.master.Call.UpdateMaintenanceSchedule` */
export interface MasterCallUpdateMaintenanceSchedule {
  readonly schedule: MaintenanceSchedule;
}

/** `mesos.v1.master.Call.UpdateQuota` */
export interface MasterCallUpdateQuota {
  readonly force?: boolean;
  readonly quota_configs?: readonly QuotaConfig[];
}

/** `mesos.v1.master.Call.UpdateWeights` */
export interface MasterCallUpdateWeights {
  readonly weight_infos?: readonly WeightInfo[];
}

/** `mesos.v1.master.Response` */
export type MasterResponse =
  | {
      readonly type: "GET_HEALTH";
      readonly get_health: MasterResponseGetHealth;
    }
  | {
      readonly type: "GET_FLAGS";
      readonly get_flags: MasterResponseGetFlags;
    }
  | {
      readonly type: "GET_VERSION";
      readonly get_version: MasterResponseGetVersion;
    }
  | {
      readonly type: "GET_METRICS";
      readonly get_metrics: MasterResponseGetMetrics;
    }
  | {
      readonly type: "GET_LOGGING_LEVEL";
      readonly get_logging_level: MasterResponseGetLoggingLevel;
    }
  | {
      readonly type: "LIST_FILES";
      readonly list_files?: MasterResponseListFiles;
    }
  | {
      readonly type: "READ_FILE";
      readonly read_file: MasterResponseReadFile;
    }
  | {
      readonly type: "GET_STATE";
      readonly get_state: MasterResponseGetState;
    }
  | {
      readonly type: "GET_AGENTS";
      readonly get_agents: MasterResponseGetAgents;
    }
  | {
      readonly type: "GET_FRAMEWORKS";
      readonly get_frameworks: MasterResponseGetFrameworks;
    }
  | {
      readonly type: "GET_EXECUTORS";
      readonly get_executors: MasterResponseGetExecutors;
    }
  | {
      readonly type: "GET_OPERATIONS";
      readonly get_operations: MasterResponseGetOperations;
    }
  | {
      readonly type: "GET_TASKS";
      readonly get_tasks: MasterResponseGetTasks;
    }
  | {
      readonly type: "GET_ROLES";
      readonly get_roles: MasterResponseGetRoles;
    }
  | {
      readonly type: "GET_WEIGHTS";
      readonly get_weights?: MasterResponseGetWeights;
    }
  | {
      readonly type: "GET_MASTER";
      readonly get_master: MasterResponseGetMaster;
    }
  | {
      readonly type: "GET_MAINTENANCE_STATUS";
      readonly get_maintenance_status: MasterResponseGetMaintenanceStatus;
    }
  | {
      readonly type: "GET_MAINTENANCE_SCHEDULE";
      readonly get_maintenance_schedule: MasterResponseGetMaintenanceSchedule;
    }
  | {
      readonly type: "GET_QUOTA";
      readonly get_quota: MasterResponseGetQuota;
    };

/** `mesos.v1.master.Response.GetAgents` */
export interface MasterResponseGetAgents {
  readonly agents?: readonly MasterResponseGetAgentsAgent[];
  readonly recovered_agents?: readonly AgentInfo[];
}

/** `mesos.v1.master.Response.GetAgents.Agent` */
export interface MasterResponseGetAgentsAgent {
  readonly agent_info: AgentInfo;
  readonly active: boolean;
  readonly deactivated?: boolean;
  readonly version: string;
  readonly pid?: string;
  readonly registered_time?: TimeInfo;
  readonly reregistered_time?: TimeInfo;
  readonly total_resources?: readonly Resource[];
  readonly allocated_resources?: readonly Resource[];
  readonly offered_resources?: readonly Resource[];
  readonly capabilities?: readonly AgentInfoCapability[];
  readonly resource_providers?: readonly MasterResponseGetAgentsAgentResourceProvider[];
  readonly drain_info?: DrainInfo;
  readonly estimated_drain_start_time?: TimeInfo;
}

/** `mesos.v1.master.Response.GetAgents.Agent.ResourceProvider` */
export interface MasterResponseGetAgentsAgentResourceProvider {
  readonly resource_provider_info: ResourceProviderInfo;
  readonly total_resources?: readonly Resource[];
}

/** `mesos.v1.master.Response.GetExecutors` */
export interface MasterResponseGetExecutors {
  readonly executors?: readonly MasterResponseGetExecutorsExecutor[];
  /** Deprecated by Mesos. */
  readonly orphan_executors?: readonly MasterResponseGetExecutorsExecutor[];
}

/** `mesos.v1.master.Response.GetExecutors.Executor` */
export interface MasterResponseGetExecutorsExecutor {
  readonly executor_info: ExecutorInfo;
  readonly agent_id: AgentID;
}

/** `mesos.v1.master.Response.GetFlags` */
export interface MasterResponseGetFlags {
  readonly flags?: readonly Flag[];
}

/** `mesos.v1.master.Response.GetFrameworks` */
export interface MasterResponseGetFrameworks {
  readonly frameworks?: readonly MasterResponseGetFrameworksFramework[];
  readonly completed_frameworks?: readonly MasterResponseGetFrameworksFramework[];
  /** Deprecated by Mesos. */
  readonly recovered_frameworks?: readonly FrameworkInfo[];
}

/** `mesos.v1.master.Response.GetFrameworks.Framework` */
export interface MasterResponseGetFrameworksFramework {
  readonly framework_info: FrameworkInfo;
  readonly active: boolean;
  readonly connected: boolean;
  readonly recovered: boolean;
  readonly registered_time?: TimeInfo;
  readonly reregistered_time?: TimeInfo;
  readonly unregistered_time?: TimeInfo;
  readonly offers?: readonly Offer[];
  readonly inverse_offers?: readonly InverseOffer[];
  readonly allocated_resources?: readonly Resource[];
  readonly offered_resources?: readonly Resource[];
  readonly offer_constraints?: SchedulerOfferConstraints;
}

/** `mesos.v1.master.Response.GetHealth` */
export interface MasterResponseGetHealth {
  readonly healthy: boolean;
}

/** `mesos.v1.master.Response.GetLoggingLevel` */
export interface MasterResponseGetLoggingLevel {
  readonly level: number;
}

/** `mesos.v1.master.Response.GetMaintenanceSchedule` */
export interface MasterResponseGetMaintenanceSchedule {
  readonly schedule: MaintenanceSchedule;
}

/** `mesos.v1.master.Response.GetMaintenanceStatus` */
export interface MasterResponseGetMaintenanceStatus {
  readonly status: MaintenanceClusterStatus;
}

/** `mesos.v1.master.Response.GetMaster` */
export interface MasterResponseGetMaster {
  readonly master_info?: MasterInfo;
  readonly start_time?: number;
  readonly elected_time?: number;
}

/** `mesos.v1.master.Response.GetMetrics` */
export interface MasterResponseGetMetrics {
  readonly metrics?: readonly Metric[];
}

/** `mesos.v1.master.Response.GetOperations` */
export interface MasterResponseGetOperations {
  readonly operations?: readonly Operation[];
}

/** `mesos.v1.master.Response.GetQuota` */
export interface MasterResponseGetQuota {
  readonly status: QuotaStatus;
}

/** `mesos.v1.master.Response.GetRoles` */
export interface MasterResponseGetRoles {
  readonly roles?: readonly Role[];
}

/** `mesos.v1.master.Response.GetState` */
export interface MasterResponseGetState {
  readonly get_tasks?: MasterResponseGetTasks;
  readonly get_executors?: MasterResponseGetExecutors;
  readonly get_frameworks?: MasterResponseGetFrameworks;
  readonly get_agents?: MasterResponseGetAgents;
}

/** `mesos.v1.master.Response.GetTasks` */
export interface MasterResponseGetTasks {
  /** Deprecated by Mesos. */
  readonly pending_tasks?: readonly Task[];
  readonly tasks?: readonly Task[];
  readonly unreachable_tasks?: readonly Task[];
  readonly completed_tasks?: readonly Task[];
  /** Deprecated by Mesos. */
  readonly orphan_tasks?: readonly Task[];
}

/** `mesos.v1.master.Response.GetVersion` */
export interface MasterResponseGetVersion {
  readonly version_info: VersionInfo;
}

/** `mesos.v1.master.Response.GetWeights` */
export interface MasterResponseGetWeights {
  readonly weight_infos?: readonly WeightInfo[];
}

/** `mesos.v1.master.Response.ListFiles` */
export interface MasterResponseListFiles {
  readonly file_infos?: readonly FileInfo[];
}

/** `mesos.v1.master.Response.ReadFile` */
export interface MasterResponseReadFile {
  readonly size: number;
  /** Bytes in base64. */
  readonly data: string;
}

/** `mesos.v1.master.Response.Type` */
export type MasterResponseType =
  | "UNKNOWN"
  | "GET_HEALTH"
  | "GET_FLAGS"
  | "GET_VERSION"
  | "GET_METRICS"
  | "GET_LOGGING_LEVEL"
  | "LIST_FILES"
  | "READ_FILE"
  | "GET_STATE"
  | "GET_AGENTS"
  | "GET_FRAMEWORKS"
  | "GET_EXECUTORS"
  | "GET_OPERATIONS"
  | "GET_TASKS"
  | "GET_ROLES"
  | "GET_WEIGHTS"
  | "GET_MASTER"
  | "GET_MAINTENANCE_STATUS"
  | "GET_MAINTENANCE_SCHEDULE"
  | "GET_QUOTA";

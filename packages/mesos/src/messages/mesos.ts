// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

/** `google.protobuf.Duration` */
export interface Duration {
  readonly seconds?: number;
  readonly nanos?: number;
}

/** `mesos.v1.Address` */
export interface Address {
  readonly hostname?: string;
  readonly ip?: string;
  readonly port: number;
}

/** `mesos.v1.AgentID` */
export interface AgentID {
  readonly value: string;
}

/** `mesos.v1.AgentInfo` */
export interface AgentInfo {
  readonly hostname: string;
  /** Default: `5051`. */
  readonly port?: number;
  readonly resources?: readonly Resource[];
  readonly attributes?: readonly Attribute[];
  readonly id?: AgentID;
  readonly domain?: DomainInfo;
}

/** `mesos.v1.AgentInfo.Capability` */
export interface AgentInfoCapability {
  readonly type?: AgentInfoCapabilityType;
}

/** `mesos.v1.AgentInfo.Capability.Type` */
export type AgentInfoCapabilityType =
  | "UNKNOWN"
  | "MULTI_ROLE"
  | "HIERARCHICAL_ROLE"
  | "RESERVATION_REFINEMENT"
  | "RESOURCE_PROVIDER"
  | "RESIZE_VOLUME"
  | "AGENT_OPERATION_FEEDBACK"
  | "AGENT_DRAINING"
  | "TASK_RESOURCE_LIMITS";

/** `mesos.v1.Attribute` */
export interface Attribute {
  readonly name: string;
  readonly type: ValueType;
  readonly scalar?: ValueScalar;
  readonly ranges?: ValueRanges;
  readonly set?: ValueSet;
  readonly text?: ValueText;
}

/** `mesos.v1.CSIPluginContainerInfo` */
export interface CSIPluginContainerInfo {
  readonly services?: readonly CSIPluginContainerInfoService[];
  readonly command?: CommandInfo;
  readonly resources?: readonly Resource[];
  readonly container?: ContainerInfo;
}

/** `mesos.v1.CSIPluginContainerInfo.Service` */
export type CSIPluginContainerInfoService = "UNKNOWN" | "CONTROLLER_SERVICE" | "NODE_SERVICE";

/** `mesos.v1.CSIPluginEndpoint` */
export interface CSIPluginEndpoint {
  readonly csi_service: CSIPluginContainerInfoService;
  readonly endpoint: string;
}

/** `mesos.v1.CSIPluginInfo` */
export interface CSIPluginInfo {
  readonly type: string;
  /** Default: `"default"`. */
  readonly name?: string;
  readonly containers?: readonly CSIPluginContainerInfo[];
  readonly endpoints?: readonly CSIPluginEndpoint[];
  readonly target_path_root?: string;
  readonly target_path_exists?: boolean;
}

/** `mesos.v1.CapabilityInfo` */
export interface CapabilityInfo {
  readonly capabilities?: readonly CapabilityInfoCapability[];
}

/** `mesos.v1.CapabilityInfo.Capability` */
export type CapabilityInfoCapability =
  | "UNKNOWN"
  | "CHOWN"
  | "DAC_OVERRIDE"
  | "DAC_READ_SEARCH"
  | "FOWNER"
  | "FSETID"
  | "KILL"
  | "SETGID"
  | "SETUID"
  | "SETPCAP"
  | "LINUX_IMMUTABLE"
  | "NET_BIND_SERVICE"
  | "NET_BROADCAST"
  | "NET_ADMIN"
  | "NET_RAW"
  | "IPC_LOCK"
  | "IPC_OWNER"
  | "SYS_MODULE"
  | "SYS_RAWIO"
  | "SYS_CHROOT"
  | "SYS_PTRACE"
  | "SYS_PACCT"
  | "SYS_ADMIN"
  | "SYS_BOOT"
  | "SYS_NICE"
  | "SYS_RESOURCE"
  | "SYS_TIME"
  | "SYS_TTY_CONFIG"
  | "MKNOD"
  | "LEASE"
  | "AUDIT_WRITE"
  | "AUDIT_CONTROL"
  | "SETFCAP"
  | "MAC_OVERRIDE"
  | "MAC_ADMIN"
  | "SYSLOG"
  | "WAKE_ALARM"
  | "BLOCK_SUSPEND"
  | "AUDIT_READ";

/** `mesos.v1.CgroupInfo` */
export interface CgroupInfo {
  readonly net_cls?: CgroupInfoNetCls;
}

/** `mesos.v1.CgroupInfo.Blkio.CFQ.Statistics` */
export interface CgroupInfoBlkioCFQStatistics {
  readonly device?: DeviceNumber;
  readonly sectors?: number;
  readonly time?: number;
  readonly io_serviced?: readonly CgroupInfoBlkioValue[];
  readonly io_service_bytes?: readonly CgroupInfoBlkioValue[];
  readonly io_service_time?: readonly CgroupInfoBlkioValue[];
  readonly io_wait_time?: readonly CgroupInfoBlkioValue[];
  readonly io_merged?: readonly CgroupInfoBlkioValue[];
  readonly io_queued?: readonly CgroupInfoBlkioValue[];
}

/** `mesos.v1.CgroupInfo.Blkio.Operation` */
export type CgroupInfoBlkioOperation = "UNKNOWN" | "TOTAL" | "READ" | "WRITE" | "SYNC" | "ASYNC" | "DISCARD";

/** `mesos.v1.CgroupInfo.Blkio.Statistics` */
export interface CgroupInfoBlkioStatistics {
  readonly cfq?: readonly CgroupInfoBlkioCFQStatistics[];
  readonly cfq_recursive?: readonly CgroupInfoBlkioCFQStatistics[];
  readonly throttling?: readonly CgroupInfoBlkioThrottlingStatistics[];
}

/** `mesos.v1.CgroupInfo.Blkio.Throttling.Statistics` */
export interface CgroupInfoBlkioThrottlingStatistics {
  readonly device?: DeviceNumber;
  readonly io_serviced?: readonly CgroupInfoBlkioValue[];
  readonly io_service_bytes?: readonly CgroupInfoBlkioValue[];
}

/** `mesos.v1.CgroupInfo.Blkio.Value` */
export interface CgroupInfoBlkioValue {
  readonly op?: CgroupInfoBlkioOperation;
  readonly value?: number;
}

/** `mesos.v1.CgroupInfo.NetCls` */
export interface CgroupInfoNetCls {
  readonly classid?: number;
}

/** `mesos.v1.CheckInfo` */
export interface CheckInfo {
  readonly type?: CheckInfoType;
  readonly command?: CheckInfoCommand;
  readonly http?: CheckInfoHttp;
  readonly tcp?: CheckInfoTcp;
  /** Default: `15`. */
  readonly delay_seconds?: number;
  /** Default: `10`. */
  readonly interval_seconds?: number;
  /** Default: `20`. */
  readonly timeout_seconds?: number;
}

/** `mesos.v1.CheckInfo.Command` */
export interface CheckInfoCommand {
  readonly command: CommandInfo;
}

/** `mesos.v1.CheckInfo.Http` */
export interface CheckInfoHttp {
  readonly port: number;
  readonly path?: string;
}

/** `mesos.v1.CheckInfo.Tcp` */
export interface CheckInfoTcp {
  readonly port: number;
}

/** `mesos.v1.CheckInfo.Type` */
export type CheckInfoType = "UNKNOWN" | "COMMAND" | "HTTP" | "TCP";

/** `mesos.v1.CheckStatusInfo` */
export interface CheckStatusInfo {
  readonly type?: CheckInfoType;
  readonly command?: CheckStatusInfoCommand;
  readonly http?: CheckStatusInfoHttp;
  readonly tcp?: CheckStatusInfoTcp;
}

/** `mesos.v1.CheckStatusInfo.Command` */
export interface CheckStatusInfoCommand {
  readonly exit_code?: number;
}

/** `mesos.v1.CheckStatusInfo.Http` */
export interface CheckStatusInfoHttp {
  readonly status_code?: number;
}

/** `mesos.v1.CheckStatusInfo.Tcp` */
export interface CheckStatusInfoTcp {
  readonly succeeded?: boolean;
}

/** `mesos.v1.CommandInfo` */
export interface CommandInfo {
  readonly uris?: readonly CommandInfoURI[];
  readonly environment?: Environment;
  /** Default: `true`. */
  readonly shell?: boolean;
  readonly value?: string;
  readonly arguments?: readonly string[];
  readonly user?: string;
}

/** `mesos.v1.CommandInfo.URI` */
export interface CommandInfoURI {
  readonly value: string;
  readonly executable?: boolean;
  /** Default: `true`. */
  readonly extract?: boolean;
  readonly cache?: boolean;
  readonly output_file?: string;
}

/** `mesos.v1.ContainerID` */
export interface ContainerID {
  readonly value: string;
  readonly parent?: ContainerID;
}

/** `mesos.v1.ContainerInfo` */
export interface ContainerInfo {
  readonly type: ContainerInfoType;
  readonly volumes?: readonly Volume[];
  readonly hostname?: string;
  readonly docker?: ContainerInfoDockerInfo;
  readonly mesos?: ContainerInfoMesosInfo;
  readonly network_infos?: readonly NetworkInfo[];
  readonly linux_info?: LinuxInfo;
  readonly rlimit_info?: RLimitInfo;
  readonly tty_info?: TTYInfo;
}

/** `mesos.v1.ContainerInfo.DockerInfo` */
export interface ContainerInfoDockerInfo {
  readonly image: string;
  /** Default: `"HOST"`. */
  readonly network?: ContainerInfoDockerInfoNetwork;
  readonly port_mappings?: readonly ContainerInfoDockerInfoPortMapping[];
  /** Default: `false`. */
  readonly privileged?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly force_pull_image?: boolean;
  /** Deprecated by Mesos. */
  readonly volume_driver?: string;
}

/** `mesos.v1.ContainerInfo.DockerInfo.Network` */
export type ContainerInfoDockerInfoNetwork = "HOST" | "BRIDGE" | "NONE" | "USER";

/** `mesos.v1.ContainerInfo.DockerInfo.PortMapping` */
export interface ContainerInfoDockerInfoPortMapping {
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol?: string;
}

/** `mesos.v1.ContainerInfo.MesosInfo` */
export interface ContainerInfoMesosInfo {
  readonly image?: Image;
}

/** `mesos.v1.ContainerInfo.Type` */
export type ContainerInfoType = "DOCKER" | "MESOS";

/** `mesos.v1.ContainerStatus` */
export interface ContainerStatus {
  readonly container_id?: ContainerID;
  readonly network_infos?: readonly NetworkInfo[];
  readonly cgroup_info?: CgroupInfo;
  readonly executor_pid?: number;
}

/** `mesos.v1.Credential` */
export interface Credential {
  readonly principal: string;
  readonly secret?: string;
}

/** `mesos.v1.Device.Number` */
export interface DeviceNumber {
  readonly major_number: number;
  readonly minor_number: number;
}

/** `mesos.v1.DiscoveryInfo` */
export interface DiscoveryInfo {
  readonly visibility: DiscoveryInfoVisibility;
  readonly name?: string;
  readonly environment?: string;
  readonly location?: string;
  readonly version?: string;
  readonly ports?: Ports;
  readonly labels?: Labels;
}

/** `mesos.v1.DiscoveryInfo.Visibility` */
export type DiscoveryInfoVisibility = "FRAMEWORK" | "CLUSTER" | "EXTERNAL";

/** `mesos.v1.DiskStatistics` */
export interface DiskStatistics {
  readonly source?: ResourceDiskInfoSource;
  readonly persistence?: ResourceDiskInfoPersistence;
  readonly limit_bytes?: number;
  readonly used_bytes?: number;
}

/** `mesos.v1.DomainInfo` */
export interface DomainInfo {
  readonly fault_domain?: DomainInfoFaultDomain;
}

/** `mesos.v1.DomainInfo.FaultDomain` */
export interface DomainInfoFaultDomain {
  readonly region: DomainInfoFaultDomainRegionInfo;
  readonly zone: DomainInfoFaultDomainZoneInfo;
}

/** `mesos.v1.DomainInfo.FaultDomain.RegionInfo` */
export interface DomainInfoFaultDomainRegionInfo {
  readonly name: string;
}

/** `mesos.v1.DomainInfo.FaultDomain.ZoneInfo` */
export interface DomainInfoFaultDomainZoneInfo {
  readonly name: string;
}

/** `mesos.v1.DrainConfig` */
export interface DrainConfig {
  readonly max_grace_period?: DurationInfo;
  /** Default: `false`. */
  readonly mark_gone?: boolean;
}

/** `mesos.v1.DrainInfo` */
export interface DrainInfo {
  readonly state: DrainState;
  readonly config: DrainConfig;
}

/** `mesos.v1.DrainState` */
export type DrainState = "UNKNOWN" | "DRAINING" | "DRAINED";

/** `mesos.v1.DurationInfo` */
export interface DurationInfo {
  readonly nanoseconds: number;
}

/** `mesos.v1.Environment` */
export interface Environment {
  readonly variables?: readonly EnvironmentVariable[];
}

/** `mesos.v1.Environment.Variable` */
export interface EnvironmentVariable {
  readonly name: string;
  /** Default: `"VALUE"`. */
  readonly type?: EnvironmentVariableType;
  readonly value?: string;
  readonly secret?: Secret;
}

/** `mesos.v1.Environment.Variable.Type` */
export type EnvironmentVariableType = "UNKNOWN" | "VALUE" | "SECRET";

/** `mesos.v1.ExecutorID` */
export interface ExecutorID {
  readonly value: string;
}

/** `mesos.v1.ExecutorInfo` */
export interface ExecutorInfo {
  readonly type?: ExecutorInfoType;
  readonly executor_id: ExecutorID;
  readonly framework_id?: FrameworkID;
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
  readonly resources?: readonly Resource[];
  readonly name?: string;
  /** Deprecated by Mesos. */
  readonly source?: string;
  /** Bytes in base64. */
  readonly data?: string;
  readonly discovery?: DiscoveryInfo;
  readonly shutdown_grace_period?: DurationInfo;
  readonly labels?: Labels;
}

/** `mesos.v1.ExecutorInfo.Type` */
export type ExecutorInfoType = "UNKNOWN" | "DEFAULT" | "CUSTOM";

/** `mesos.v1.FileInfo` */
export interface FileInfo {
  readonly path: string;
  readonly nlink?: number;
  readonly size?: number;
  readonly mtime?: TimeInfo;
  readonly mode?: number;
  readonly uid?: string;
  readonly gid?: string;
}

/** `mesos.v1.Filters` */
export interface Filters {
  /** Default: `5`. */
  readonly refuse_seconds?: number;
}

/** `mesos.v1.Flag` */
export interface Flag {
  readonly name: string;
  readonly value?: string;
}

/** `mesos.v1.FrameworkID` */
export interface FrameworkID {
  readonly value: string;
}

/** `mesos.v1.FrameworkInfo` */
export interface FrameworkInfo {
  readonly user: string;
  readonly name: string;
  readonly id?: FrameworkID;
  /** Default: `0`. */
  readonly failover_timeout?: number;
  /** Default: `false`. */
  readonly checkpoint?: boolean;
  /** Default: `"*"`. Deprecated by Mesos. */
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly hostname?: string;
  readonly principal?: string;
  readonly webui_url?: string;
  readonly capabilities?: readonly FrameworkInfoCapability[];
  readonly labels?: Labels;
  readonly offer_filters?: Readonly<Record<string, OfferFilters>>;
}

/** `mesos.v1.FrameworkInfo.Capability` */
export interface FrameworkInfoCapability {
  readonly type?: FrameworkInfoCapabilityType;
}

/** `mesos.v1.FrameworkInfo.Capability.Type` */
export type FrameworkInfoCapabilityType =
  | "UNKNOWN"
  | "REVOCABLE_RESOURCES"
  | "TASK_KILLING_STATE"
  | "GPU_RESOURCES"
  | "SHARED_RESOURCES"
  | "PARTITION_AWARE"
  | "MULTI_ROLE"
  | "RESERVATION_REFINEMENT"
  | "REGION_AWARE";

/** `mesos.v1.HealthCheck` */
export interface HealthCheck {
  /** Default: `15`. */
  readonly delay_seconds?: number;
  /** Default: `10`. */
  readonly interval_seconds?: number;
  /** Default: `20`. */
  readonly timeout_seconds?: number;
  /** Default: `3`. */
  readonly consecutive_failures?: number;
  /** Default: `10`. */
  readonly grace_period_seconds?: number;
  readonly type?: HealthCheckType;
  readonly command?: CommandInfo;
  readonly http?: HealthCheckHTTPCheckInfo;
  readonly tcp?: HealthCheckTCPCheckInfo;
}

/** `mesos.v1.HealthCheck.HTTPCheckInfo` */
export interface HealthCheckHTTPCheckInfo {
  /** Default: `"IPv4"`. */
  readonly protocol?: NetworkInfoProtocol;
  readonly scheme?: string;
  readonly port: number;
  readonly path?: string;
  readonly statuses?: readonly number[];
}

/** `mesos.v1.HealthCheck.TCPCheckInfo` */
export interface HealthCheckTCPCheckInfo {
  /** Default: `"IPv4"`. */
  readonly protocol?: NetworkInfoProtocol;
  readonly port: number;
}

/** `mesos.v1.HealthCheck.Type` */
export type HealthCheckType = "UNKNOWN" | "COMMAND" | "HTTP" | "TCP";

/** `mesos.v1.IcmpStatistics` */
export interface IcmpStatistics {
  readonly InMsgs?: number;
  readonly InErrors?: number;
  readonly InCsumErrors?: number;
  readonly InDestUnreachs?: number;
  readonly InTimeExcds?: number;
  readonly InParmProbs?: number;
  readonly InSrcQuenchs?: number;
  readonly InRedirects?: number;
  readonly InEchos?: number;
  readonly InEchoReps?: number;
  readonly InTimestamps?: number;
  readonly InTimestampReps?: number;
  readonly InAddrMasks?: number;
  readonly InAddrMaskReps?: number;
  readonly OutMsgs?: number;
  readonly OutErrors?: number;
  readonly OutDestUnreachs?: number;
  readonly OutTimeExcds?: number;
  readonly OutParmProbs?: number;
  readonly OutSrcQuenchs?: number;
  readonly OutRedirects?: number;
  readonly OutEchos?: number;
  readonly OutEchoReps?: number;
  readonly OutTimestamps?: number;
  readonly OutTimestampReps?: number;
  readonly OutAddrMasks?: number;
  readonly OutAddrMaskReps?: number;
}

/** `mesos.v1.Image` */
export interface Image {
  readonly type: ImageType;
  readonly appc?: ImageAppc;
  readonly docker?: ImageDocker;
  /** Default: `true`. */
  readonly cached?: boolean;
}

/** `mesos.v1.Image.Appc` */
export interface ImageAppc {
  readonly name: string;
  readonly id?: string;
  readonly labels?: Labels;
}

/** `mesos.v1.Image.Docker` */
export interface ImageDocker {
  readonly name: string;
  /** Deprecated by Mesos. */
  readonly credential?: Credential;
  readonly config?: Secret;
}

/** `mesos.v1.Image.Type` */
export type ImageType = "APPC" | "DOCKER";

/** `mesos.v1.InverseOffer` */
export interface InverseOffer {
  readonly id: OfferID;
  readonly url?: URL;
  readonly framework_id: FrameworkID;
  readonly agent_id?: AgentID;
  readonly unavailability: Unavailability;
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.IpStatistics` */
export interface IpStatistics {
  readonly Forwarding?: number;
  readonly DefaultTTL?: number;
  readonly InReceives?: number;
  readonly InHdrErrors?: number;
  readonly InAddrErrors?: number;
  readonly ForwDatagrams?: number;
  readonly InUnknownProtos?: number;
  readonly InDiscards?: number;
  readonly InDelivers?: number;
  readonly OutRequests?: number;
  readonly OutDiscards?: number;
  readonly OutNoRoutes?: number;
  readonly ReasmTimeout?: number;
  readonly ReasmReqds?: number;
  readonly ReasmOKs?: number;
  readonly ReasmFails?: number;
  readonly FragOKs?: number;
  readonly FragFails?: number;
  readonly FragCreates?: number;
}

/** `mesos.v1.KillPolicy` */
export interface KillPolicy {
  readonly grace_period?: DurationInfo;
}

/** `mesos.v1.Label` */
export interface Label {
  readonly key: string;
  readonly value?: string;
}

/** `mesos.v1.Labels` */
export interface Labels {
  readonly labels?: readonly Label[];
}

/** `mesos.v1.LinuxInfo` */
export interface LinuxInfo {
  /** Deprecated by Mesos. */
  readonly capability_info?: CapabilityInfo;
  readonly bounding_capabilities?: CapabilityInfo;
  readonly effective_capabilities?: CapabilityInfo;
  readonly share_pid_namespace?: boolean;
  readonly seccomp?: SeccompInfo;
  readonly ipc_mode?: LinuxInfoIpcMode;
  readonly shm_size?: number;
  /** Default: `true`. */
  readonly share_cgroups?: boolean;
}

/** `mesos.v1.LinuxInfo.IpcMode` */
export type LinuxInfoIpcMode = "UNKNOWN" | "PRIVATE" | "SHARE_PARENT";

/** `mesos.v1.MachineID` */
export interface MachineID {
  readonly hostname?: string;
  readonly ip?: string;
}

/** `mesos.v1.MasterInfo` */
export interface MasterInfo {
  readonly id: string;
  readonly ip: number;
  /** Default: `5050`. */
  readonly port: number;
  readonly pid?: string;
  readonly hostname?: string;
  readonly version?: string;
  readonly address?: Address;
  readonly domain?: DomainInfo;
  readonly capabilities?: readonly MasterInfoCapability[];
}

/** `mesos.v1.MasterInfo.Capability` */
export interface MasterInfoCapability {
  readonly type?: MasterInfoCapabilityType;
}

/** `mesos.v1.MasterInfo.Capability.Type` */
export type MasterInfoCapabilityType = "UNKNOWN" | "AGENT_UPDATE" | "AGENT_DRAINING";

/** `mesos.v1.Metric` */
export interface Metric {
  readonly name: string;
  readonly value?: number;
}

/** `mesos.v1.MountPropagation` */
export interface MountPropagation {
  readonly mode?: MountPropagationMode;
}

/** `mesos.v1.MountPropagation.Mode` */
export type MountPropagationMode = "UNKNOWN" | "HOST_TO_CONTAINER" | "BIDIRECTIONAL";

/** `mesos.v1.NetworkInfo` */
export interface NetworkInfo {
  readonly ip_addresses?: readonly NetworkInfoIPAddress[];
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly labels?: Labels;
  readonly port_mappings?: readonly NetworkInfoPortMapping[];
}

/** `mesos.v1.NetworkInfo.IPAddress` */
export interface NetworkInfoIPAddress {
  /** Default: `"IPv4"`. */
  readonly protocol?: NetworkInfoProtocol;
  readonly ip_address?: string;
}

/** `mesos.v1.NetworkInfo.PortMapping` */
export interface NetworkInfoPortMapping {
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol?: string;
}

/** `mesos.v1.NetworkInfo.Protocol` */
export type NetworkInfoProtocol = "IPv4" | "IPv6";

/** `mesos.v1.Offer` */
export interface Offer {
  readonly id: OfferID;
  readonly framework_id: FrameworkID;
  readonly agent_id: AgentID;
  readonly hostname: string;
  readonly url?: URL;
  readonly domain?: DomainInfo;
  readonly resources?: readonly Resource[];
  readonly attributes?: readonly Attribute[];
  readonly executor_ids?: readonly ExecutorID[];
  readonly unavailability?: Unavailability;
  readonly allocation_info?: ResourceAllocationInfo;
}

/** `mesos.v1.Offer.Operation` */
export type OfferOperation =
  | {
      readonly type: "LAUNCH";
      readonly launch: OfferOperationLaunch;
      readonly id?: OperationID;
    }
  | {
      readonly type: "LAUNCH_GROUP";
      readonly launch_group: OfferOperationLaunchGroup;
      readonly id?: OperationID;
    }
  | {
      readonly type: "RESERVE";
      readonly reserve: OfferOperationReserve;
      readonly id?: OperationID;
    }
  | {
      readonly type: "UNRESERVE";
      readonly unreserve: OfferOperationUnreserve;
      readonly id?: OperationID;
    }
  | {
      readonly type: "CREATE";
      readonly create: OfferOperationCreate;
      readonly id?: OperationID;
    }
  | {
      readonly type: "DESTROY";
      readonly destroy: OfferOperationDestroy;
      readonly id?: OperationID;
    }
  | {
      readonly type: "GROW_VOLUME";
      readonly grow_volume: OfferOperationGrowVolume;
      readonly id?: OperationID;
    }
  | {
      readonly type: "SHRINK_VOLUME";
      readonly shrink_volume: OfferOperationShrinkVolume;
      readonly id?: OperationID;
    }
  | {
      readonly type: "CREATE_DISK";
      readonly create_disk: OfferOperationCreateDisk;
      readonly id?: OperationID;
    }
  | {
      readonly type: "DESTROY_DISK";
      readonly destroy_disk: OfferOperationDestroyDisk;
      readonly id?: OperationID;
    };

/** `mesos.v1.Offer.Operation.Create` */
export interface OfferOperationCreate {
  readonly volumes?: readonly Resource[];
}

/** `mesos.v1.Offer.Operation.CreateDisk` */
export interface OfferOperationCreateDisk {
  readonly source: Resource;
  readonly target_type: ResourceDiskInfoSourceType;
  readonly target_profile?: string;
}

/** `mesos.v1.Offer.Operation.Destroy` */
export interface OfferOperationDestroy {
  readonly volumes?: readonly Resource[];
}

/** `mesos.v1.Offer.Operation.DestroyDisk` */
export interface OfferOperationDestroyDisk {
  readonly source: Resource;
}

/** `mesos.v1.Offer.Operation.GrowVolume` */
export interface OfferOperationGrowVolume {
  readonly volume: Resource;
  readonly addition: Resource;
}

/** `mesos.v1.Offer.Operation.Launch` */
export interface OfferOperationLaunch {
  readonly task_infos?: readonly TaskInfo[];
}

/** `mesos.v1.Offer.Operation.LaunchGroup` */
export interface OfferOperationLaunchGroup {
  readonly executor: ExecutorInfo;
  readonly task_group: TaskGroupInfo;
}

/** `mesos.v1.Offer.Operation.Reserve` */
export interface OfferOperationReserve {
  readonly source?: readonly Resource[];
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.Offer.Operation.ShrinkVolume` */
export interface OfferOperationShrinkVolume {
  readonly volume: Resource;
  readonly subtract: ValueScalar;
}

/** `mesos.v1.Offer.Operation.Type` */
export type OfferOperationType =
  | "UNKNOWN"
  | "LAUNCH"
  | "LAUNCH_GROUP"
  | "RESERVE"
  | "UNRESERVE"
  | "CREATE"
  | "DESTROY"
  | "GROW_VOLUME"
  | "SHRINK_VOLUME"
  | "CREATE_DISK"
  | "DESTROY_DISK";

/** `mesos.v1.Offer.Operation.Unreserve` */
export interface OfferOperationUnreserve {
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.OfferFilters` */
export interface OfferFilters {
  readonly min_allocatable_resources?: OfferFiltersMinAllocatableResources;
}

/** `mesos.v1.OfferFilters.MinAllocatableResources` */
export interface OfferFiltersMinAllocatableResources {
  readonly quantities?: readonly OfferFiltersResourceQuantities[];
}

/** `mesos.v1.OfferFilters.ResourceQuantities` */
export interface OfferFiltersResourceQuantities {
  readonly quantities?: Readonly<Record<string, ValueScalar>>;
}

/** `mesos.v1.OfferID` */
export interface OfferID {
  readonly value: string;
}

/** `mesos.v1.Operation` */
export interface Operation {
  readonly framework_id?: FrameworkID;
  readonly agent_id?: AgentID;
  readonly info: OfferOperation;
  readonly latest_status: OperationStatus;
  readonly statuses?: readonly OperationStatus[];
  readonly uuid: UUID;
}

/** `mesos.v1.OperationID` */
export interface OperationID {
  readonly value: string;
}

/** `mesos.v1.OperationState` */
export type OperationState =
  | "OPERATION_UNSUPPORTED"
  | "OPERATION_PENDING"
  | "OPERATION_FINISHED"
  | "OPERATION_FAILED"
  | "OPERATION_ERROR"
  | "OPERATION_DROPPED"
  | "OPERATION_UNREACHABLE"
  | "OPERATION_GONE_BY_OPERATOR"
  | "OPERATION_RECOVERING"
  | "OPERATION_UNKNOWN";

/** `mesos.v1.OperationStatus` */
export interface OperationStatus {
  readonly operation_id?: OperationID;
  readonly state: OperationState;
  readonly message?: string;
  readonly converted_resources?: readonly Resource[];
  readonly uuid?: UUID;
  readonly agent_id?: AgentID;
  readonly resource_provider_id?: ResourceProviderID;
}

/** `mesos.v1.Parameter` */
export interface Parameter {
  readonly key: string;
  readonly value: string;
}

/** `mesos.v1.Parameters` */
export interface Parameters {
  readonly parameter?: readonly Parameter[];
}

/** `mesos.v1.PerfStatistics` */
export interface PerfStatistics {
  readonly timestamp: number;
  readonly duration: number;
  readonly cycles?: number;
  readonly stalled_cycles_frontend?: number;
  readonly stalled_cycles_backend?: number;
  readonly instructions?: number;
  readonly cache_references?: number;
  readonly cache_misses?: number;
  readonly branches?: number;
  readonly branch_misses?: number;
  readonly bus_cycles?: number;
  readonly ref_cycles?: number;
  readonly cpu_clock?: number;
  readonly task_clock?: number;
  readonly page_faults?: number;
  readonly minor_faults?: number;
  readonly major_faults?: number;
  readonly context_switches?: number;
  readonly cpu_migrations?: number;
  readonly alignment_faults?: number;
  readonly emulation_faults?: number;
  readonly l1_dcache_loads?: number;
  readonly l1_dcache_load_misses?: number;
  readonly l1_dcache_stores?: number;
  readonly l1_dcache_store_misses?: number;
  readonly l1_dcache_prefetches?: number;
  readonly l1_dcache_prefetch_misses?: number;
  readonly l1_icache_loads?: number;
  readonly l1_icache_load_misses?: number;
  readonly l1_icache_prefetches?: number;
  readonly l1_icache_prefetch_misses?: number;
  readonly llc_loads?: number;
  readonly llc_load_misses?: number;
  readonly llc_stores?: number;
  readonly llc_store_misses?: number;
  readonly llc_prefetches?: number;
  readonly llc_prefetch_misses?: number;
  readonly dtlb_loads?: number;
  readonly dtlb_load_misses?: number;
  readonly dtlb_stores?: number;
  readonly dtlb_store_misses?: number;
  readonly dtlb_prefetches?: number;
  readonly dtlb_prefetch_misses?: number;
  readonly itlb_loads?: number;
  readonly itlb_load_misses?: number;
  readonly branch_loads?: number;
  readonly branch_load_misses?: number;
  readonly node_loads?: number;
  readonly node_load_misses?: number;
  readonly node_stores?: number;
  readonly node_store_misses?: number;
  readonly node_prefetches?: number;
  readonly node_prefetch_misses?: number;
}

/** `mesos.v1.Port` */
export interface Port {
  readonly number: number;
  readonly name?: string;
  readonly protocol?: string;
  readonly visibility?: DiscoveryInfoVisibility;
  readonly labels?: Labels;
}

/** `mesos.v1.Ports` */
export interface Ports {
  readonly ports?: readonly Port[];
}

/** `mesos.v1.RLimitInfo` */
export interface RLimitInfo {
  readonly rlimits?: readonly RLimitInfoRLimit[];
}

/** `mesos.v1.RLimitInfo.RLimit` */
export interface RLimitInfoRLimit {
  readonly type?: RLimitInfoRLimitType;
  readonly hard?: number;
  readonly soft?: number;
}

/** `mesos.v1.RLimitInfo.RLimit.Type` */
export type RLimitInfoRLimitType =
  | "UNKNOWN"
  | "RLMT_AS"
  | "RLMT_CORE"
  | "RLMT_CPU"
  | "RLMT_DATA"
  | "RLMT_FSIZE"
  | "RLMT_LOCKS"
  | "RLMT_MEMLOCK"
  | "RLMT_MSGQUEUE"
  | "RLMT_NICE"
  | "RLMT_NOFILE"
  | "RLMT_NPROC"
  | "RLMT_RSS"
  | "RLMT_RTPRIO"
  | "RLMT_RTTIME"
  | "RLMT_SIGPENDING"
  | "RLMT_STACK";

/** `mesos.v1.Request` */
export interface Request {
  readonly agent_id?: AgentID;
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.Resource` */
export interface Resource {
  readonly provider_id?: ResourceProviderID;
  readonly name: string;
  readonly type: ValueType;
  readonly scalar?: ValueScalar;
  readonly ranges?: ValueRanges;
  readonly set?: ValueSet;
  /** Default: `"*"`. Deprecated by Mesos. */
  readonly role?: string;
  readonly allocation_info?: ResourceAllocationInfo;
  readonly reservation?: ResourceReservationInfo;
  readonly reservations?: readonly ResourceReservationInfo[];
  readonly disk?: ResourceDiskInfo;
  readonly revocable?: ResourceRevocableInfo;
  readonly shared?: ResourceSharedInfo;
}

/** `mesos.v1.Resource.AllocationInfo` */
export interface ResourceAllocationInfo {
  readonly role?: string;
}

/** `mesos.v1.Resource.DiskInfo` */
export interface ResourceDiskInfo {
  readonly persistence?: ResourceDiskInfoPersistence;
  readonly volume?: Volume;
  readonly source?: ResourceDiskInfoSource;
}

/** `mesos.v1.Resource.DiskInfo.Persistence` */
export interface ResourceDiskInfoPersistence {
  readonly id: string;
  readonly principal?: string;
}

/** `mesos.v1.Resource.DiskInfo.Source` */
export interface ResourceDiskInfoSource {
  readonly type: ResourceDiskInfoSourceType;
  readonly path?: ResourceDiskInfoSourcePath;
  readonly mount?: ResourceDiskInfoSourceMount;
  readonly vendor?: string;
  readonly id?: string;
  readonly metadata?: Labels;
  readonly profile?: string;
}

/** `mesos.v1.Resource.DiskInfo.Source.Mount` */
export interface ResourceDiskInfoSourceMount {
  readonly root?: string;
}

/** `mesos.v1.Resource.DiskInfo.Source.Path` */
export interface ResourceDiskInfoSourcePath {
  readonly root?: string;
}

/** `mesos.v1.Resource.DiskInfo.Source.Type` */
export type ResourceDiskInfoSourceType = "UNKNOWN" | "PATH" | "MOUNT" | "BLOCK" | "RAW";

/** `mesos.v1.Resource.ReservationInfo` */
export interface ResourceReservationInfo {
  readonly type?: ResourceReservationInfoType;
  readonly role?: string;
  readonly principal?: string;
  readonly labels?: Labels;
}

/** `mesos.v1.Resource.ReservationInfo.Type` */
export type ResourceReservationInfoType = "UNKNOWN" | "STATIC" | "DYNAMIC";

/** `mesos.v1.Resource.RevocableInfo` */
export interface ResourceRevocableInfo {}

/** `mesos.v1.Resource.SharedInfo` */
export interface ResourceSharedInfo {}

/** `mesos.v1.ResourceProviderID` */
export interface ResourceProviderID {
  readonly value: string;
}

/** `mesos.v1.ResourceProviderInfo` */
export interface ResourceProviderInfo {
  readonly id?: ResourceProviderID;
  readonly attributes?: readonly Attribute[];
  readonly type: string;
  readonly name: string;
  readonly default_reservations?: readonly ResourceReservationInfo[];
  readonly storage?: ResourceProviderInfoStorage;
}

/** `mesos.v1.ResourceProviderInfo.Storage` */
export interface ResourceProviderInfoStorage {
  readonly plugin: CSIPluginInfo;
  readonly reconciliation_interval_seconds?: number;
}

/** `mesos.v1.ResourceStatistics` */
export interface ResourceStatistics {
  readonly timestamp: number;
  readonly processes?: number;
  readonly threads?: number;
  readonly cpus_user_time_secs?: number;
  readonly cpus_system_time_secs?: number;
  readonly cpus_limit?: number;
  readonly cpus_soft_limit?: number;
  readonly cpus_nr_periods?: number;
  readonly cpus_nr_throttled?: number;
  readonly cpus_throttled_time_secs?: number;
  readonly mem_total_bytes?: number;
  readonly mem_total_memsw_bytes?: number;
  readonly mem_limit_bytes?: number;
  readonly mem_soft_limit_bytes?: number;
  readonly mem_file_bytes?: number;
  readonly mem_anon_bytes?: number;
  readonly mem_cache_bytes?: number;
  readonly mem_rss_bytes?: number;
  readonly mem_mapped_file_bytes?: number;
  readonly mem_swap_bytes?: number;
  readonly mem_unevictable_bytes?: number;
  readonly mem_low_pressure_counter?: number;
  readonly mem_medium_pressure_counter?: number;
  readonly mem_critical_pressure_counter?: number;
  readonly disk_limit_bytes?: number;
  readonly disk_used_bytes?: number;
  readonly disk_statistics?: readonly DiskStatistics[];
  readonly blkio_statistics?: CgroupInfoBlkioStatistics;
  readonly perf?: PerfStatistics;
  readonly net_rx_packets?: number;
  readonly net_rx_bytes?: number;
  readonly net_rx_errors?: number;
  readonly net_rx_dropped?: number;
  readonly net_tx_packets?: number;
  readonly net_tx_bytes?: number;
  readonly net_tx_errors?: number;
  readonly net_tx_dropped?: number;
  readonly net_tcp_rtt_microsecs_p50?: number;
  readonly net_tcp_rtt_microsecs_p90?: number;
  readonly net_tcp_rtt_microsecs_p95?: number;
  readonly net_tcp_rtt_microsecs_p99?: number;
  readonly net_tcp_active_connections?: number;
  readonly net_tcp_time_wait_connections?: number;
  readonly net_traffic_control_statistics?: readonly TrafficControlStatistics[];
  readonly net_snmp_statistics?: SNMPStatistics;
}

/** `mesos.v1.Role` */
export interface Role {
  readonly name: string;
  readonly weight: number;
  readonly frameworks?: readonly FrameworkID[];
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.SNMPStatistics` */
export interface SNMPStatistics {
  readonly ip_stats?: IpStatistics;
  readonly icmp_stats?: IcmpStatistics;
  readonly tcp_stats?: TcpStatistics;
  readonly udp_stats?: UdpStatistics;
}

/** `mesos.v1.SeccompInfo` */
export interface SeccompInfo {
  readonly profile_name?: string;
  readonly unconfined?: boolean;
}

/** `mesos.v1.Secret` */
export interface Secret {
  readonly type?: SecretType;
  readonly reference?: SecretReference;
  readonly value?: SecretValue;
}

/** `mesos.v1.Secret.Reference` */
export interface SecretReference {
  readonly name: string;
  readonly key?: string;
}

/** `mesos.v1.Secret.Type` */
export type SecretType = "UNKNOWN" | "REFERENCE" | "VALUE";

/** `mesos.v1.Secret.Value` */
export interface SecretValue {
  /** Bytes in base64. */
  readonly data: string;
}

/** `mesos.v1.TTYInfo` */
export interface TTYInfo {
  readonly window_size?: TTYInfoWindowSize;
}

/** `mesos.v1.TTYInfo.WindowSize` */
export interface TTYInfoWindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** `mesos.v1.Task` */
export interface Task {
  readonly name: string;
  readonly task_id: TaskID;
  readonly framework_id: FrameworkID;
  readonly executor_id?: ExecutorID;
  readonly agent_id: AgentID;
  readonly state: TaskState;
  readonly resources?: readonly Resource[];
  readonly statuses?: readonly TaskStatus[];
  readonly status_update_state?: TaskState;
  /** Bytes in base64. */
  readonly status_update_uuid?: string;
  readonly labels?: Labels;
  readonly discovery?: DiscoveryInfo;
  readonly container?: ContainerInfo;
  readonly health_check?: HealthCheck;
  readonly kill_policy?: KillPolicy;
  readonly user?: string;
  readonly limits?: Readonly<Record<string, ValueScalar>>;
}

/** `mesos.v1.TaskGroupInfo` */
export interface TaskGroupInfo {
  readonly tasks?: readonly TaskInfo[];
}

/** `mesos.v1.TaskID` */
export interface TaskID {
  readonly value: string;
}

/** `mesos.v1.TaskInfo` */
export interface TaskInfo {
  readonly name: string;
  readonly task_id: TaskID;
  readonly agent_id: AgentID;
  readonly resources?: readonly Resource[];
  readonly executor?: ExecutorInfo;
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
  readonly health_check?: HealthCheck;
  readonly check?: CheckInfo;
  readonly kill_policy?: KillPolicy;
  /** Bytes in base64. */
  readonly data?: string;
  readonly labels?: Labels;
  readonly discovery?: DiscoveryInfo;
  readonly max_completion_time?: DurationInfo;
  readonly limits?: Readonly<Record<string, ValueScalar>>;
}

/** `mesos.v1.TaskResourceLimitation` */
export interface TaskResourceLimitation {
  readonly resources?: readonly Resource[];
}

/** `mesos.v1.TaskState` */
export type TaskState =
  | "TASK_STAGING"
  | "TASK_STARTING"
  | "TASK_RUNNING"
  | "TASK_KILLING"
  | "TASK_FINISHED"
  | "TASK_FAILED"
  | "TASK_KILLED"
  | "TASK_ERROR"
  | "TASK_LOST"
  | "TASK_DROPPED"
  | "TASK_UNREACHABLE"
  | "TASK_GONE"
  | "TASK_GONE_BY_OPERATOR"
  | "TASK_UNKNOWN";

/** `mesos.v1.TaskStatus` */
export interface TaskStatus {
  readonly task_id: TaskID;
  readonly state: TaskState;
  readonly message?: string;
  readonly source?: TaskStatusSource;
  readonly reason?: TaskStatusReason;
  /** Bytes in base64. */
  readonly data?: string;
  readonly agent_id?: AgentID;
  readonly executor_id?: ExecutorID;
  readonly timestamp?: number;
  /** Bytes in base64. */
  readonly uuid?: string;
  readonly healthy?: boolean;
  readonly check_status?: CheckStatusInfo;
  readonly labels?: Labels;
  readonly container_status?: ContainerStatus;
  readonly unreachable_time?: TimeInfo;
  readonly limitation?: TaskResourceLimitation;
}

/** `mesos.v1.TaskStatus.Reason` */
export type TaskStatusReason =
  | "REASON_COMMAND_EXECUTOR_FAILED"
  | "REASON_CONTAINER_LAUNCH_FAILED"
  | "REASON_CONTAINER_LIMITATION"
  | "REASON_CONTAINER_LIMITATION_DISK"
  | "REASON_CONTAINER_LIMITATION_MEMORY"
  | "REASON_CONTAINER_PREEMPTED"
  | "REASON_CONTAINER_UPDATE_FAILED"
  | "REASON_MAX_COMPLETION_TIME_REACHED"
  | "REASON_EXECUTOR_REGISTRATION_TIMEOUT"
  | "REASON_EXECUTOR_REREGISTRATION_TIMEOUT"
  | "REASON_EXECUTOR_TERMINATED"
  | "REASON_EXECUTOR_UNREGISTERED"
  | "REASON_FRAMEWORK_REMOVED"
  | "REASON_GC_ERROR"
  | "REASON_INVALID_FRAMEWORKID"
  | "REASON_INVALID_OFFERS"
  | "REASON_IO_SWITCHBOARD_EXITED"
  | "REASON_MASTER_DISCONNECTED"
  | "REASON_RECONCILIATION"
  | "REASON_RESOURCES_UNKNOWN"
  | "REASON_AGENT_DISCONNECTED"
  | "REASON_AGENT_DRAINING"
  | "REASON_AGENT_REMOVED"
  | "REASON_AGENT_REMOVED_BY_OPERATOR"
  | "REASON_AGENT_REREGISTERED"
  | "REASON_AGENT_RESTARTED"
  | "REASON_AGENT_UNKNOWN"
  | "REASON_TASK_KILLED_DURING_LAUNCH"
  | "REASON_TASK_CHECK_STATUS_UPDATED"
  | "REASON_TASK_HEALTH_CHECK_STATUS_UPDATED"
  | "REASON_TASK_GROUP_INVALID"
  | "REASON_TASK_GROUP_UNAUTHORIZED"
  | "REASON_TASK_INVALID"
  | "REASON_TASK_UNAUTHORIZED"
  | "REASON_TASK_UNKNOWN";

/** `mesos.v1.TaskStatus.Source` */
export type TaskStatusSource = "SOURCE_MASTER" | "SOURCE_AGENT" | "SOURCE_EXECUTOR";

/** `mesos.v1.TcpStatistics` */
export interface TcpStatistics {
  readonly RtoAlgorithm?: number;
  readonly RtoMin?: number;
  readonly RtoMax?: number;
  readonly MaxConn?: number;
  readonly ActiveOpens?: number;
  readonly PassiveOpens?: number;
  readonly AttemptFails?: number;
  readonly EstabResets?: number;
  readonly CurrEstab?: number;
  readonly InSegs?: number;
  readonly OutSegs?: number;
  readonly RetransSegs?: number;
  readonly InErrs?: number;
  readonly OutRsts?: number;
  readonly InCsumErrors?: number;
}

/** `mesos.v1.TimeInfo` */
export interface TimeInfo {
  readonly nanoseconds: number;
}

/** `mesos.v1.TrafficControlStatistics` */
export interface TrafficControlStatistics {
  readonly id: string;
  readonly backlog?: number;
  readonly bytes?: number;
  readonly drops?: number;
  readonly overlimits?: number;
  readonly packets?: number;
  readonly qlen?: number;
  readonly ratebps?: number;
  readonly ratepps?: number;
  readonly requeues?: number;
}

/** `mesos.v1.URL` */
export interface URL {
  readonly scheme: string;
  readonly address: Address;
  readonly path?: string;
  readonly query?: readonly Parameter[];
  readonly fragment?: string;
}

/** `mesos.v1.UUID` */
export interface UUID {
  /** Bytes in base64. */
  readonly value: string;
}

/** `mesos.v1.UdpStatistics` */
export interface UdpStatistics {
  readonly InDatagrams?: number;
  readonly NoPorts?: number;
  readonly InErrors?: number;
  readonly OutDatagrams?: number;
  readonly RcvbufErrors?: number;
  readonly SndbufErrors?: number;
  readonly InCsumErrors?: number;
  readonly IgnoredMulti?: number;
}

/** `mesos.v1.Unavailability` */
export interface Unavailability {
  readonly start: TimeInfo;
  readonly duration?: DurationInfo;
}

/** `mesos.v1.Value.Range` */
export interface ValueRange {
  readonly begin: number;
  readonly end: number;
}

/** `mesos.v1.Value.Ranges` */
export interface ValueRanges {
  readonly range?: readonly ValueRange[];
}

/** `mesos.v1.Value.Scalar` */
export interface ValueScalar {
  readonly value: number;
}

/** `mesos.v1.Value.Set` */
export interface ValueSet {
  readonly item?: readonly string[];
}

/** `mesos.v1.Value.Text` */
export interface ValueText {
  readonly value: string;
}

/** `mesos.v1.Value.Type` */
export type ValueType = "SCALAR" | "RANGES" | "SET" | "TEXT";

/** `mesos.v1.VersionInfo` */
export interface VersionInfo {
  readonly version: string;
  readonly build_date?: string;
  readonly build_time?: number;
  readonly build_user?: string;
  readonly git_sha?: string;
  readonly git_branch?: string;
  readonly git_tag?: string;
}

/** `mesos.v1.Volume` */
export interface Volume {
  readonly mode: VolumeMode;
  readonly container_path: string;
  readonly host_path?: string;
  readonly image?: Image;
  readonly source?: VolumeSource;
}

/** `mesos.v1.Volume.Mode` */
export type VolumeMode = "RW" | "RO";

/** `mesos.v1.Volume.Source` */
export interface VolumeSource {
  readonly type?: VolumeSourceType;
  readonly docker_volume?: VolumeSourceDockerVolume;
  readonly host_path?: VolumeSourceHostPath;
  readonly sandbox_path?: VolumeSourceSandboxPath;
  readonly secret?: Secret;
  readonly csi_volume?: VolumeSourceCSIVolume;
}

/** `mesos.v1.Volume.Source.CSIVolume` */
export interface VolumeSourceCSIVolume {
  readonly plugin_name: string;
  readonly static_provisioning?: VolumeSourceCSIVolumeStaticProvisioning;
}

/** `mesos.v1.Volume.Source.CSIVolume.StaticProvisioning` */
export interface VolumeSourceCSIVolumeStaticProvisioning {
  readonly volume_id: string;
  readonly volume_capability: VolumeSourceCSIVolumeVolumeCapability;
  readonly node_stage_secrets?: Readonly<Record<string, Secret>>;
  readonly node_publish_secrets?: Readonly<Record<string, Secret>>;
  readonly volume_context?: Readonly<Record<string, string>>;
}

/** `mesos.v1.Volume.Source.CSIVolume.VolumeCapability` */
export interface VolumeSourceCSIVolumeVolumeCapability {
  readonly access_mode: VolumeSourceCSIVolumeVolumeCapabilityAccessMode;
  readonly block?: VolumeSourceCSIVolumeVolumeCapabilityBlockVolume;
  readonly mount?: VolumeSourceCSIVolumeVolumeCapabilityMountVolume;
}

/** `mesos.v1.Volume.Source.CSIVolume.VolumeCapability.AccessMode` */
export interface VolumeSourceCSIVolumeVolumeCapabilityAccessMode {
  readonly mode: VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode;
}

/** `mesos.v1.Volume.Source.CSIVolume.VolumeCapability.AccessMode.Mode` */
export type VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode =
  | "UNKNOWN"
  | "SINGLE_NODE_WRITER"
  | "SINGLE_NODE_READER_ONLY"
  | "MULTI_NODE_READER_ONLY"
  | "MULTI_NODE_SINGLE_WRITER"
  | "MULTI_NODE_MULTI_WRITER";

/** `mesos.v1.Volume.Source.CSIVolume.VolumeCapability.BlockVolume` */
export interface VolumeSourceCSIVolumeVolumeCapabilityBlockVolume {}

/** `mesos.v1.Volume.Source.CSIVolume.VolumeCapability.MountVolume` */
export interface VolumeSourceCSIVolumeVolumeCapabilityMountVolume {
  readonly fs_type?: string;
  readonly mount_flags?: readonly string[];
}

/** `mesos.v1.Volume.Source.DockerVolume` */
export interface VolumeSourceDockerVolume {
  readonly driver?: string;
  readonly name: string;
  readonly driver_options?: Parameters;
}

/** `mesos.v1.Volume.Source.HostPath` */
export interface VolumeSourceHostPath {
  readonly path: string;
  readonly mount_propagation?: MountPropagation;
}

/** `mesos.v1.Volume.Source.SandboxPath` */
export interface VolumeSourceSandboxPath {
  readonly type?: VolumeSourceSandboxPathType;
  readonly path: string;
}

/** `mesos.v1.Volume.Source.SandboxPath.Type` */
export type VolumeSourceSandboxPathType = "UNKNOWN" | "SELF" | "PARENT";

/** `mesos.v1.Volume.Source.Type` */
export type VolumeSourceType = "UNKNOWN" | "DOCKER_VOLUME" | "HOST_PATH" | "SANDBOX_PATH" | "SECRET" | "CSI_VOLUME";

/** `mesos.v1.WeightInfo` */
export interface WeightInfo {
  readonly weight: number;
  readonly role?: string;
}

/** Client of Apache Mesos 1.11: its v1 HTTP scheduler, executor and operator APIs. */
export type * from "./messages/agent.ts";
export type * from "./messages/allocator.ts";
export type * from "./messages/executor.ts";
export type * from "./messages/maintenance.ts";
export type * from "./messages/master.ts";
export type * from "./messages/mesos.ts";
export type * from "./messages/quota.ts";
export type * from "./messages/scheduler.ts";
export { checkMessage, type CheckOptions } from "./messages/check-message.ts";
export type { Credential, TlsOptions } from "./http/transport.ts";
export { RecordDecoder } from "./http/record-decoder.ts";
export { SchedulerClient, type SchedulerClientOptions, type SchedulerObserver } from "./scheduler/scheduler-client.ts";
export type { SchedulerEventSubscribed as SubscribedEvent } from "./messages/scheduler.ts";
export {
  ExecutorClient,
  type ExecutorClientOptions,
  type ExecutorObserver,
  type ExecutorTaskStatus,
} from "./executor/executor-client.ts";
export { executorEnvironment, type ExecutorEnvironment } from "./executor/executor-environment.ts";
export { isTerminal } from "./executor/unacknowledged.ts";
export {
  OperatorClient,
  type AgentOperatorCall,
  type AgentOperatorResponse,
  type OperatorCall,
  type OperatorClientOptions,
  type OperatorResponse,
} from "./operator/operator-client.ts";
export { portsOf } from "./resources/ports-of.ts";
export { takeResources, type TakenResources, type TakeOptions } from "./resources/take-resources.ts";
export { totalOf } from "./resources/total-of.ts";
export type { ResourceRequest } from "./resources/resource-request.ts";
export { Reconciliation, type ReconciliationOptions } from "./reconciliation/reconciliation.ts";

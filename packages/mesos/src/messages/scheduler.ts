// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

import type {
  OfferID,
  OfferOperation,
  Filters,
  AgentID,
  TaskID,
  ResourceProviderID,
  OperationID,
  KillPolicy,
  ExecutorID,
  Request,
  FrameworkInfo,
  InverseOffer,
  Offer,
  FrameworkID,
  MasterInfo,
  TaskStatus,
  OperationStatus,
} from "./mesos.ts";

/** `mesos.v1.scheduler.AttributeConstraint` */
export interface SchedulerAttributeConstraint {
  readonly selector: SchedulerAttributeConstraintSelector;
  readonly predicate: SchedulerAttributeConstraintPredicate;
}

/** `mesos.v1.scheduler.AttributeConstraint.Predicate` */
export interface SchedulerAttributeConstraintPredicate {
  readonly exists?: SchedulerAttributeConstraintPredicateExists;
  readonly not_exists?: SchedulerAttributeConstraintPredicateNotExists;
  readonly text_equals?: SchedulerAttributeConstraintPredicateTextEquals;
  readonly text_not_equals?: SchedulerAttributeConstraintPredicateTextNotEquals;
  readonly text_matches?: SchedulerAttributeConstraintPredicateTextMatches;
  readonly text_not_matches?: SchedulerAttributeConstraintPredicateTextNotMatches;
}

/** `mesos.v1.scheduler.AttributeConstraint.Predicate.Exists` */
export interface SchedulerAttributeConstraintPredicateExists {}

/** `mesos.v1.scheduler.AttributeConstraint.Predicate.NotExists` */
export interface SchedulerAttributeConstraintPredicateNotExists {}

/** `mesos.v1.scheduler.AttributeConstraint.Predicate.TextEquals` */
export interface SchedulerAttributeConstraintPredicateTextEquals {
  readonly value: string;
}

/** `mesos.v1.scheduler.AttributeConstraint.Predicate.TextMatches` */
export interface SchedulerAttributeConstraintPredicateTextMatches {
  readonly regex: string;
}

/** `mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotEquals` */
export interface SchedulerAttributeConstraintPredicateTextNotEquals {
  readonly value: string;
}

/** `mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotMatches` */
export interface SchedulerAttributeConstraintPredicateTextNotMatches {
  readonly regex: string;
}

/** `mesos.v1.scheduler.AttributeConstraint.Selector` */
export interface SchedulerAttributeConstraintSelector {
  readonly pseudoattribute_type?: SchedulerAttributeConstraintSelectorPseudoattributeType;
  readonly attribute_name?: string;
}

/** `mesos.v1.scheduler.AttributeConstraint.Selector.PseudoattributeType` */
export type SchedulerAttributeConstraintSelectorPseudoattributeType = "UNKNOWN" | "HOSTNAME" | "REGION" | "ZONE";

/** `mesos.v1.scheduler.Call` */
export type SchedulerCall =
  | {
      readonly type: "SUBSCRIBE";
      readonly subscribe: SchedulerCallSubscribe;
    }
  | {
      readonly type: "TEARDOWN";
    }
  | {
      readonly type: "ACCEPT";
      readonly accept: SchedulerCallAccept;
    }
  | {
      readonly type: "DECLINE";
      readonly decline: SchedulerCallDecline;
    }
  | {
      readonly type: "ACCEPT_INVERSE_OFFERS";
      readonly accept_inverse_offers: SchedulerCallAcceptInverseOffers;
    }
  | {
      readonly type: "DECLINE_INVERSE_OFFERS";
      readonly decline_inverse_offers: SchedulerCallDeclineInverseOffers;
    }
  | {
      readonly type: "REVIVE";
      readonly revive?: SchedulerCallRevive;
    }
  | {
      readonly type: "KILL";
      readonly kill: SchedulerCallKill;
    }
  | {
      readonly type: "SHUTDOWN";
      readonly shutdown: SchedulerCallShutdown;
    }
  | {
      readonly type: "ACKNOWLEDGE";
      readonly acknowledge: SchedulerCallAcknowledge;
    }
  | {
      readonly type: "ACKNOWLEDGE_OPERATION_STATUS";
      readonly acknowledge_operation_status: SchedulerCallAcknowledgeOperationStatus;
    }
  | {
      readonly type: "RECONCILE";
      readonly reconcile: SchedulerCallReconcile;
    }
  | {
      readonly type: "RECONCILE_OPERATIONS";
      readonly reconcile_operations: SchedulerCallReconcileOperations;
    }
  | {
      readonly type: "MESSAGE";
      readonly message: SchedulerCallMessage;
    }
  | {
      readonly type: "REQUEST";
      readonly request: SchedulerCallRequest;
    }
  | {
      readonly type: "SUPPRESS";
      readonly suppress?: SchedulerCallSuppress;
    }
  | {
      readonly type: "UPDATE_FRAMEWORK";
      readonly update_framework: SchedulerCallUpdateFramework;
    };

/** `mesos.v1.scheduler.Call.Accept` */
export interface SchedulerCallAccept {
  readonly offer_ids?: readonly OfferID[];
  readonly operations?: readonly OfferOperation[];
  readonly filters?: Filters;
}

/** `mesos.v1.scheduler.Call.AcceptInverseOffers` */
export interface SchedulerCallAcceptInverseOffers {
  readonly inverse_offer_ids?: readonly OfferID[];
  readonly filters?: Filters;
}

/** `mesos.v1.scheduler.Call.Acknowledge` */
export interface SchedulerCallAcknowledge {
  readonly agent_id: AgentID;
  readonly task_id: TaskID;
  /** Bytes in base64. */
  readonly uuid: string;
}

/** `mesos.v1.scheduler.Call.AcknowledgeOperationStatus` */
export interface SchedulerCallAcknowledgeOperationStatus {
  readonly agent_id?: AgentID;
  readonly resource_provider_id?: ResourceProviderID;
  /** Bytes in base64. */
  readonly uuid: string;
  readonly operation_id: OperationID;
}

/** `mesos.v1.scheduler.Call.Decline` */
export interface SchedulerCallDecline {
  readonly offer_ids?: readonly OfferID[];
  readonly filters?: Filters;
}

/** `mesos.v1.scheduler.Call.DeclineInverseOffers` */
export interface SchedulerCallDeclineInverseOffers {
  readonly inverse_offer_ids?: readonly OfferID[];
  readonly filters?: Filters;
}

/** `mesos.v1.scheduler.Call.Kill` */
export interface SchedulerCallKill {
  readonly task_id: TaskID;
  readonly agent_id?: AgentID;
  readonly kill_policy?: KillPolicy;
}

/** `mesos.v1.scheduler.Call.Message` */
export interface SchedulerCallMessage {
  readonly agent_id: AgentID;
  readonly executor_id: ExecutorID;
  /** Bytes in base64. */
  readonly data: string;
}

/** `mesos.v1.scheduler.Call.Reconcile` */
export interface SchedulerCallReconcile {
  readonly tasks?: readonly SchedulerCallReconcileTask[];
}

/** `mesos.v1.scheduler.Call.Reconcile.Task` */
export interface SchedulerCallReconcileTask {
  readonly task_id: TaskID;
  readonly agent_id?: AgentID;
}

/** `mesos.v1.scheduler.Call.ReconcileOperations` */
export interface SchedulerCallReconcileOperations {
  readonly operations?: readonly SchedulerCallReconcileOperationsOperation[];
}

/** `mesos.v1.scheduler.Call.ReconcileOperations.Operation` */
export interface SchedulerCallReconcileOperationsOperation {
  readonly operation_id: OperationID;
  readonly agent_id?: AgentID;
  readonly resource_provider_id?: ResourceProviderID;
}

/** `mesos.v1.scheduler.Call.Request` */
export interface SchedulerCallRequest {
  readonly requests?: readonly Request[];
}

/** `mesos.v1.scheduler.Call.Revive` */
export interface SchedulerCallRevive {
  readonly roles?: readonly string[];
}

/** `mesos.v1.scheduler.Call.Shutdown` */
export interface SchedulerCallShutdown {
  readonly executor_id: ExecutorID;
  readonly agent_id: AgentID;
}

/** `mesos.v1.scheduler.Call.Subscribe` */
export interface SchedulerCallSubscribe {
  readonly framework_info: FrameworkInfo;
  readonly suppressed_roles?: readonly string[];
  readonly offer_constraints?: SchedulerOfferConstraints;
}

/** `mesos.v1.scheduler.Call.Suppress` */
export interface SchedulerCallSuppress {
  readonly roles?: readonly string[];
}

/** `mesos.v1.scheduler.Call.Type` */
export type SchedulerCallType =
  | "UNKNOWN"
  | "SUBSCRIBE"
  | "TEARDOWN"
  | "ACCEPT"
  | "DECLINE"
  | "ACCEPT_INVERSE_OFFERS"
  | "DECLINE_INVERSE_OFFERS"
  | "REVIVE"
  | "KILL"
  | "SHUTDOWN"
  | "ACKNOWLEDGE"
  | "ACKNOWLEDGE_OPERATION_STATUS"
  | "RECONCILE"
  | "RECONCILE_OPERATIONS"
  | "MESSAGE"
  | "REQUEST"
  | "SUPPRESS"
  | "UPDATE_FRAMEWORK";

/** `mesos.v1.scheduler.Call.UpdateFramework` */
export interface SchedulerCallUpdateFramework {
  readonly framework_info: FrameworkInfo;
  readonly suppressed_roles?: readonly string[];
  readonly offer_constraints?: SchedulerOfferConstraints;
}

/** `mesos.v1.scheduler.Event` */
export type SchedulerEvent =
  | {
      readonly type: "SUBSCRIBED";
      readonly subscribed: SchedulerEventSubscribed;
    }
  | {
      readonly type: "OFFERS";
      readonly offers: SchedulerEventOffers;
    }
  | {
      readonly type: "INVERSE_OFFERS";
      readonly inverse_offers: SchedulerEventInverseOffers;
    }
  | {
      readonly type: "RESCIND";
      readonly rescind: SchedulerEventRescind;
    }
  | {
      readonly type: "RESCIND_INVERSE_OFFER";
      readonly rescind_inverse_offer: SchedulerEventRescindInverseOffer;
    }
  | {
      readonly type: "UPDATE";
      readonly update: SchedulerEventUpdate;
    }
  | {
      readonly type: "UPDATE_OPERATION_STATUS";
      readonly update_operation_status: SchedulerEventUpdateOperationStatus;
    }
  | {
      readonly type: "MESSAGE";
      readonly message: SchedulerEventMessage;
    }
  | {
      readonly type: "FAILURE";
      readonly failure: SchedulerEventFailure;
    }
  | {
      readonly type: "ERROR";
      readonly error: SchedulerEventError;
    }
  | {
      readonly type: "HEARTBEAT";
    };

/** `mesos.v1.scheduler.Event.Error` */
export interface SchedulerEventError {
  readonly message: string;
}

/** `mesos.v1.scheduler.Event.Failure` */
export interface SchedulerEventFailure {
  readonly agent_id?: AgentID;
  readonly executor_id?: ExecutorID;
  readonly status?: number;
}

/** `mesos.v1.scheduler.Event.InverseOffers` */
export interface SchedulerEventInverseOffers {
  readonly inverse_offers?: readonly InverseOffer[];
}

/** `mesos.v1.scheduler.Event.Message` */
export interface SchedulerEventMessage {
  readonly agent_id: AgentID;
  readonly executor_id: ExecutorID;
  /** Bytes in base64. */
  readonly data: string;
}

/** `mesos.v1.scheduler.Event.Offers` */
export interface SchedulerEventOffers {
  readonly offers?: readonly Offer[];
}

/** `mesos.v1.scheduler.Event.Rescind` */
export interface SchedulerEventRescind {
  readonly offer_id: OfferID;
}

/** `mesos.v1.scheduler.Event.RescindInverseOffer` */
export interface SchedulerEventRescindInverseOffer {
  readonly inverse_offer_id: OfferID;
}

/** `mesos.v1.scheduler.Event.Subscribed` */
export interface SchedulerEventSubscribed {
  readonly framework_id: FrameworkID;
  readonly heartbeat_interval_seconds?: number;
  readonly master_info?: MasterInfo;
}

/** `mesos.v1.scheduler.Event.Type` */
export type SchedulerEventType =
  | "UNKNOWN"
  | "SUBSCRIBED"
  | "OFFERS"
  | "INVERSE_OFFERS"
  | "RESCIND"
  | "RESCIND_INVERSE_OFFER"
  | "UPDATE"
  | "UPDATE_OPERATION_STATUS"
  | "MESSAGE"
  | "FAILURE"
  | "ERROR"
  | "HEARTBEAT";

/** `mesos.v1.scheduler.Event.Update` */
export interface SchedulerEventUpdate {
  readonly status: TaskStatus;
}

/** `mesos.v1.scheduler.Event.UpdateOperationStatus` */
export interface SchedulerEventUpdateOperationStatus {
  readonly status: OperationStatus;
}

/** `mesos.v1.scheduler.OfferConstraints` */
export interface SchedulerOfferConstraints {
  readonly role_constraints?: Readonly<Record<string, SchedulerOfferConstraintsRoleConstraints>>;
}

/** `mesos.v1.scheduler.OfferConstraints.RoleConstraints` */
export interface SchedulerOfferConstraintsRoleConstraints {
  readonly groups?: readonly SchedulerOfferConstraintsRoleConstraintsGroup[];
}

/** `mesos.v1.scheduler.OfferConstraints.RoleConstraints.Group` */
export interface SchedulerOfferConstraintsRoleConstraintsGroup {
  readonly attribute_constraints?: readonly SchedulerAttributeConstraint[];
}

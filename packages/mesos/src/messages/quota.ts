// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

import type { ValueScalar, Resource } from "./mesos.ts";

/** `mesos.v1.quota.QuotaConfig` */
export interface QuotaConfig {
  readonly role: string;
  readonly guarantees?: Readonly<Record<string, ValueScalar>>;
  readonly limits?: Readonly<Record<string, ValueScalar>>;
}

/** `mesos.v1.quota.QuotaInfo` */
export interface QuotaInfo {
  readonly role?: string;
  readonly principal?: string;
  readonly guarantee?: readonly Resource[];
}

/** `mesos.v1.quota.QuotaRequest` */
export interface QuotaRequest {
  readonly force?: boolean;
  readonly role?: string;
  readonly guarantee?: readonly Resource[];
}

/** `mesos.v1.quota.QuotaStatus` */
export interface QuotaStatus {
  /** Deprecated by Mesos. */
  readonly infos?: readonly QuotaInfo[];
  readonly configs?: readonly QuotaConfig[];
}

import { GloamError, isGloamError } from "@gloam/common";
import { checkMessage } from "./check-message.ts";
import type { ExecutorEvent } from "./executor.ts";
import { enumTable } from "./message-table.ts";
import type { SchedulerEvent } from "./scheduler.ts";

/** The events by the names of their messages. */
export interface EventTypes {
  readonly SchedulerEvent: SchedulerEvent;
  readonly ExecutorEvent: ExecutorEvent;
}

/**
 * Reads a record of an event stream.
 *
 * @returns the event, or undefined for one of a type that the definitions lack, which a newer Mesos may send.
 * @throws GLOAM_MESOS_PROTOCOL where it is no JSON or not such a message.
 */
export function readEvent<Name extends keyof EventTypes>(name: Name, record: Uint8Array): EventTypes[Name] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(record.buffer, record.byteOffset, record.byteLength).toString());
    if (isOfUnknownType(name, value)) return undefined;
    checkMessage(name, value);
    return value as EventTypes[Name];
  } catch (error) {
    if (isGloamError(error)) throw error;
    // Not JSON, or nested deeper than the stack.
    throw new GloamError("GLOAM_MESOS_PROTOCOL", `an event of ${record.length} bytes cannot be read`, { cause: error });
  }
}

function isOfUnknownType(name: keyof EventTypes, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { type = "UNKNOWN" } = value as { readonly type?: unknown };
  return typeof type === "string" && (type === "UNKNOWN" || !enumTable[`${name}Type`]!.split(" ").includes(type));
}

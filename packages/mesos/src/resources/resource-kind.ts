import type { Resource } from "../messages/mesos.ts";

/** Whether a resource is set aside for a role. */
export function isReserved({ role = "*", reservation, reservations = [] }: Resource): boolean {
  return reservations.length > 0 || reservation !== undefined || role !== "*";
}

/** Whether a resource may be taken back by Mesos at any time. */
export function isRevocable({ revocable }: Resource): boolean {
  return revocable !== undefined;
}

/** Whether it is a volume, or a disk of its own, which is used whole and not by quantity. */
export function isVolume({ disk, shared }: Resource): boolean {
  return disk?.persistence !== undefined || disk?.source !== undefined || shared !== undefined;
}

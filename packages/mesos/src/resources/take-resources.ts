import type { Resource, ValueRange } from "../messages/mesos.ts";
import { fromThousandths, toThousandths } from "./fixed-point.ts";
import { isReserved, isRevocable, isVolume } from "./resource-kind.ts";
import { scalarNames, type ResourceRequest } from "./resource-request.ts";

/** What may be taken. */
export interface TakeOptions {
  /** Also what Mesos may take back at any time; it comes last. */
  readonly revocable?: boolean | undefined;
}

/** An offer's resources, divided. */
export interface TakenResources {
  readonly taken: Resource[];
  readonly rest: Resource[];
}

/**
 * Takes what is wanted out of what is offered: first what is reserved, which nobody else can use, then the rest. Each piece
 * keeps its role, reservations and allocation, as Mesos wants them back. Volumes and disks of their own are never taken.
 *
 * @returns undefined where something does not suffice.
 * @example
 * takeResources(offer.resources ?? [], { cpus: 1, mem: 512, ports: 1 })?.taken;
 */
export function takeResources(
  offered: readonly Resource[],
  wanted: ResourceRequest,
  options: TakeOptions = {},
): TakenResources | undefined {
  const isUsable = (resource: Resource): boolean =>
    !isVolume(resource) && (options.revocable === true || !isRevocable(resource));
  const inOrder = offered.filter(isUsable).toSorted((a, b) => rank(a) - rank(b));
  const pieces = new Map<Resource, Division>();
  for (const name of [...scalarNames, "ports"] as const) {
    let missing = name === "ports" ? (wanted.ports ?? 0) : toThousandths(wanted[name] ?? 0);
    for (const resource of inOrder.filter((each) => each.name === name)) {
      if (missing <= 0) break;
      const division = name === "ports" ? dividePorts(resource, missing) : divideScalar(resource, missing);
      pieces.set(resource, division);
      missing -= division.count;
    }
    if (missing > 0) return undefined;
  }
  const taken: Resource[] = [];
  const rest: Resource[] = [];
  for (const resource of offered) {
    const division = pieces.get(resource) ?? { taken: undefined, rest: resource };
    if (division.taken !== undefined) taken.push(division.taken);
    if (division.rest !== undefined) rest.push(division.rest);
  }
  return { taken, rest };
}

/** One resource in two; `count` thousandths, or ports, of it are taken. */
interface Division {
  readonly taken: Resource | undefined;
  readonly rest: Resource | undefined;
  readonly count: number;
}

function rank(resource: Resource): number {
  return (isRevocable(resource) ? 2 : 0) + (isReserved(resource) ? 0 : 1);
}

function divideScalar(resource: Resource, missing: number): Division {
  const there = toThousandths(resource.scalar?.value ?? 0);
  const count = Math.max(0, Math.min(there, missing));
  const piece = (thousandths: number): Resource | undefined =>
    thousandths > 0 ? { ...resource, scalar: { value: fromThousandths(thousandths) } } : undefined;
  return { taken: piece(count), rest: piece(there - count), count };
}

function dividePorts(resource: Resource, missing: number): Division {
  const taken: ValueRange[] = [];
  const rest: ValueRange[] = [];
  let count = 0;
  for (const { begin, end } of resource.ranges?.range ?? []) {
    const size = Math.max(0, Math.min(end - begin + 1, missing - count));
    if (size > 0) taken.push({ begin, end: begin + size - 1 });
    if (begin + size <= end) rest.push({ begin: begin + size, end });
    count += size;
  }
  const piece = (range: ValueRange[]): Resource | undefined =>
    range.length > 0 ? { ...resource, ranges: { range } } : undefined;
  return { taken: piece(taken), rest: piece(rest), count };
}

import type { Resource } from "../messages/mesos.ts";

/**
 * The ports of resources, one by one, in the order in which they stand there.
 *
 * @example
 * portsOf([{ name: "ports", type: "RANGES", ranges: { range: [{ begin: 31000, end: 31002 }] } }]); // [31000, 31001, 31002]
 */
export function portsOf(resources: readonly Resource[]): number[] {
  return resources
    .filter(({ name }) => name === "ports")
    .flatMap(({ ranges }) => ranges?.range ?? [])
    .flatMap(({ begin, end }) => Array.from({ length: end - begin + 1 }, (_, index) => begin + index));
}

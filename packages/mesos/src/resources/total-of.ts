import type { Resource } from "../messages/mesos.ts";
import { fromThousandths, toThousandths } from "./fixed-point.ts";
import { isVolume } from "./resource-kind.ts";
import { scalarNames, type ResourceRequest } from "./resource-request.ts";

/**
 * How much there is of each resource, whoever it is reserved for. Volumes and disks of their own don't count.
 *
 * @example
 * totalOf(offer.resources ?? []); // { cpus: 4, mem: 8192, disk: 16384, gpus: 0, ports: 1001 }
 */
export function totalOf(resources: readonly Resource[]): Required<ResourceRequest> {
  const plain = resources.filter((resource) => !isVolume(resource));
  const sumOf = (wanted: string): number =>
    fromThousandths(
      plain
        .filter(({ name }) => name === wanted)
        .reduce((sum, { scalar }) => sum + toThousandths(scalar?.value ?? 0), 0),
    );
  const [cpus, mem, disk, gpus] = scalarNames.map(sumOf) as [number, number, number, number];
  const ports = plain
    .filter(({ name }) => name === "ports")
    .flatMap(({ ranges }) => ranges?.range ?? [])
    .reduce((sum, { begin, end }) => sum + Math.max(0, end - begin + 1), 0);
  return { cpus, mem, disk, gpus, ports };
}

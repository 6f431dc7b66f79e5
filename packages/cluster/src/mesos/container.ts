import { GloamError, type Configuration } from "@gloam/common";
import type { ContainerInfo, Volume } from "@gloam/mesos";
import { items } from "./name-lists.ts";

/**
 * The container that executors run in; undefined where they run on the agents as any process.
 * @throws GloamError `GLOAM_CONF_INVALID`
 */
export function containerOf(configuration: Configuration): ContainerInfo | undefined {
  const image = configuration.get("mesos.image").trim();
  const network = configuration.get("mesos.network").trim();
  const volumes = items(configuration.get("mesos.volumes")).map(volumeOf);
  if (image === "" && network === "" && volumes.length === 0) return undefined;
  const shared = {
    ...(volumes.length > 0 && { volumes }),
    ...(network !== "" && { network_infos: [{ name: network }] }),
  };
  if (configuration.get("mesos.containerizer") === "mesos") {
    const docker = { type: "DOCKER" as const, docker: { name: image } };
    return { type: "MESOS", mesos: image === "" ? {} : { image: docker }, ...shared };
  }
  if (image === "") {
    throw new GloamError("GLOAM_CONF_INVALID", "mesos.image: the docker containerizer runs images only", {
      hint: "name an image, or set mesos.containerizer to mesos",
    });
  }
  return { type: "DOCKER", docker: { image, network: network === "" ? "HOST" : "USER" }, ...shared };
}

function volumeOf(written: string): Volume {
  const [host, container, mode = "rw", ...more] = written.split(":");
  if (!host || !container || more.length > 0 || !/^r[ow]$/i.test(mode)) {
    throw new GloamError("GLOAM_CONF_INVALID", `'${written}' in mesos.volumes is no volume`, {
      hint: "write host path:container path, with :ro or :rw behind, and commas between",
    });
  }
  return { host_path: host, container_path: container, mode: mode.toLowerCase() === "ro" ? "RO" : "RW" };
}

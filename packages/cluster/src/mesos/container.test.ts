import { checkMessage } from "@gloam/mesos";
import { describe, expect, test } from "vitest";
import { containerOf } from "./container.ts";
import { configurationOf } from "./testing/configuration-of.ts";

/** The container that these settings make, held against the definitions of Mesos. */
function container(settings: Readonly<Record<string, string>>) {
  const made = containerOf(configurationOf(settings));
  if (made !== undefined) checkMessage("ContainerInfo", structuredClone(made), { strict: true });
  return made;
}

test("none where nothing is said", () => {
  expect(container({})).toBeUndefined();
  expect(container({ "mesos.containerizer": "docker", "mesos.volumes": " , " })).toBeUndefined();
});

describe("of Mesos's own containerizer", () => {
  test("from an image", () => {
    expect(container({ "mesos.image": " node:22 " })).toEqual({
      type: "MESOS",
      mesos: { image: { type: "DOCKER", docker: { name: "node:22" } } },
    });
  });

  test("with volumes and a network, without an image", () => {
    expect(container({ "mesos.volumes": "/data:/in:ro, /tmp/x:/out:RW,/a:/b", "mesos.network": "overlay" })).toEqual({
      type: "MESOS",
      mesos: {},
      volumes: [
        { host_path: "/data", container_path: "/in", mode: "RO" },
        { host_path: "/tmp/x", container_path: "/out", mode: "RW" },
        { host_path: "/a", container_path: "/b", mode: "RW" },
      ],
      network_infos: [{ name: "overlay" }],
    });
  });
});

describe("of Docker's", () => {
  const docker = { "mesos.containerizer": "docker", "mesos.image": "node:22" };

  test("in the agent's network", () => {
    expect(container(docker)).toEqual({ type: "DOCKER", docker: { image: "node:22", network: "HOST" } });
  });

  test("in one of its own, with volumes", () => {
    expect(container({ ...docker, "mesos.network": "overlay", "mesos.volumes": "/a:/b:ro" })).toEqual({
      type: "DOCKER",
      docker: { image: "node:22", network: "USER" },
      volumes: [{ host_path: "/a", container_path: "/b", mode: "RO" }],
      network_infos: [{ name: "overlay" }],
    });
  });

  test("has to have an image", () => {
    const settings = { "mesos.containerizer": "docker", "mesos.network": "overlay" };
    expect(() => container(settings)).toThrow(
      expect.objectContaining({ code: "GLOAM_CONF_INVALID", hint: expect.stringContaining("name an image") as string }),
    );
  });
});

test.each(["/a", "/a:", ":/b", "/a:/b:rx", "/a:/b:", "/a:/b:ro:x"])("'%s' is no volume", (volume) => {
  expect(() => container({ "mesos.volumes": `/x:/y,${volume}` })).toThrow(
    expect.objectContaining({
      code: "GLOAM_CONF_INVALID",
      message: expect.stringContaining(`'${volume}' in mesos.volumes is no volume`) as string,
    }),
  );
});

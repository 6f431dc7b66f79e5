import { expect, test } from "vitest";
import { mesosMaster } from "./mesos-master.ts";

test.each([
  ["mesos://host:5050", ["host:5050"]],
  ["mesos://host", ["host:5050"]],
  ["mesos://host:5050/", ["host:5050"]],
  ["mesos://a.example:1,b-2:65535, c", ["a.example:1", "b-2:65535", "c:5050"]],
  ["mesos://[::1]:5051,127.0.0.1", ["[::1]:5051", "127.0.0.1:5050"]],
])("%s", (master, masters) => {
  expect(mesosMaster(master)).toEqual({ masters });
});

test.each(["local[2]", "local-cluster[2,1,1024]", "mesos", "zk://a:2181/mesos"])("'%s' is no Mesos", (master) => {
  expect(mesosMaster(master)).toBeUndefined();
});

test.each([
  "mesos:",
  "mesos:host:5050",
  "mesos://",
  "mesos://,",
  "mesos://a,,b",
  "mesos://:5050",
  "mesos://a:0",
  "mesos://a:65536",
  "mesos://a:http",
  "mesos://a:5050/path",
  "mesos://::1",
  "mesos://http://a:5050",
])("'%s' is refused", (master) => {
  expect(() => mesosMaster(master)).toThrow(
    expect.objectContaining({
      code: "GLOAM_MASTER_URL_INVALID",
      message: expect.stringContaining(`'${master}' is no Mesos master`) as string,
      hint: expect.stringContaining("mesos://host:port") as string,
    }),
  );
});

test("ZooKeeper is refused with what to write instead", () => {
  expect(() => mesosMaster("mesos://zk://a:2181/mesos")).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("ZooKeeper") as string }),
  );
});

test.each(["mesos://gloam:hunter2@a:5050", "mesos://zk://gloam:hunter2@a:2181/mesos", "mesos:gloam:hunter2@a"])(
  "a secret in the address is refused, and not shown: %s",
  (master) => {
    expect(() => mesosMaster(master)).toThrow(
      expect.objectContaining({
        code: "GLOAM_MASTER_URL_INVALID",
        message: expect.not.stringContaining("hunter2") as string,
        hint: expect.stringContaining("mesos.secretFile") as string,
      }),
    );
  },
);

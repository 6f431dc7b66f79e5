import { expect, test } from "vitest";
import { processMaster } from "./process-master.ts";

test("a cluster of processes is read", () => {
  expect(processMaster("local-cluster[2,4,1024]")).toEqual({ executors: 2, slots: 4, memoryBytes: 2 ** 30 });
  expect(processMaster("local-cluster[1, 1, 512]")).toEqual({ executors: 1, slots: 1, memoryBytes: 2 ** 29 });
});

test("other masters are not", () => {
  for (const master of ["local", "local[2]", "mesos://a:5050"]) expect(processMaster(master)).toBeUndefined();
});

test("what begins so and goes on otherwise is an error that says how", () => {
  for (const master of ["local-cluster", "local-cluster[2]", "local-cluster[0,1,512]", "local-cluster[1,2,3,4]"]) {
    expect(() => processMaster(master)).toThrow(expect.objectContaining({ code: "GLOAM_MASTER_URL_INVALID" }));
  }
});

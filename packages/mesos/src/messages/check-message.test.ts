import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkMessage } from "./check-message.ts";
import { enumTable, messageTable } from "./message-table.ts";
import { readEvent } from "./read-event.ts";

const offer = { id: { value: "o" }, framework_id: { value: "f" }, agent_id: { value: "a" }, hostname: "h" };
const offers = (...all: unknown[]) => ({ type: "OFFERS", offers: { offers: all } });

describe("checkMessage", () => {
  test("takes a message as it is", () => {
    const event = offers({ ...offer, resources: [{ name: "cpus", type: "SCALAR", scalar: { value: 1.5 } }] });
    const copy = structuredClone(event);
    checkMessage("SchedulerEvent", event);
    checkMessage("SchedulerEvent", event, { strict: true });
    expect(event).toEqual(copy);
  });

  test.each([
    [offers({ ...offer, id: undefined }), "SchedulerEvent.offers.offers[0].id is missing"],
    [offers(offer, { ...offer, id: {} }), "SchedulerEvent.offers.offers[1].id.value is missing"],
    [offers({ ...offer, hostname: 7 }), "SchedulerEvent.offers.offers[0].hostname is no string"],
    [offers({ ...offer, hostname: null }), "SchedulerEvent.offers.offers[0].hostname is missing"],
    [offers("offer"), "SchedulerEvent.offers.offers[0] is no object"],
    [{ type: "OFFERS", offers: [] }, "SchedulerEvent.offers is no object"],
    [{ type: "OFFERS" }, "SchedulerEvent.offers is missing"],
    [{ type: "MESSAGE", message: { agent_id: { value: "a" }, executor_id: { value: "e" }, data: "?" } }, "is no bytes"],
    [{ type: "FAILURE", failure: { status: 0.5 } }, "SchedulerEvent.failure.status is no integer"],
    [
      { type: "UPDATE", update: { status: { task_id: { value: "t" }, state: "TASK_NEW" } } },
      "state has an unknown value",
    ],
    [[], "SchedulerEvent is no object"],
  ])("refuses %j", (event, problem) => {
    expect(() => checkMessage("SchedulerEvent", event)).toThrow(problem);
  });

  test("takes out unknown values of enums that are not required, and null", () => {
    const status = {
      task_id: { value: "t" },
      state: "TASK_LOST",
      reason: "REASON_NEW",
      source: "SOURCE_MASTER",
      message: null,
    };
    const event = { type: "UPDATE", update: { status } };
    checkMessage("SchedulerEvent", event);
    expect(status).toEqual({ task_id: { value: "t" }, state: "TASK_LOST", source: "SOURCE_MASTER" });
  });

  test("knows maps", () => {
    const accept = (limits: unknown) => ({
      type: "ACCEPT",
      accept: {
        operations: [
          {
            type: "LAUNCH",
            launch: { task_infos: [{ name: "n", task_id: { value: "t" }, agent_id: { value: "a" }, limits }] },
          },
        ],
      },
    });
    checkMessage("SchedulerCall", accept({ cpus: { value: 1 } }), { strict: true });
    expect(() => checkMessage("SchedulerCall", accept({ cpus: 1 }))).toThrow("limits.cpus is no object");
  });

  test("strictly, refuses what the definitions lack", () => {
    const call = { type: "REVIVE", revive: { role: "a" } };
    checkMessage("SchedulerCall", call);
    expect(() => checkMessage("SchedulerCall", call, { strict: true })).toThrow("SchedulerCall.revive.role is unknown");
  });

  test("throws nothing but its code, whatever comes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(messageTable)), (value, name) => {
        try {
          checkMessage(name, value);
        } catch (error) {
          expect(error).toMatchObject({ code: "GLOAM_MESOS_PROTOCOL" });
        }
      }),
    );
  });
});

describe("readEvent", () => {
  test("a type that is not known, or none, is no event", () => {
    for (const text of ['{"type":"TELEPORT"}', "{}", '{"type":"UNKNOWN"}'])
      expect(readEvent("SchedulerEvent", Buffer.from(text))).toBeUndefined();
  });

  test.each(["", "nonsense", "[]", "null", "7", '{"type":7}', "[".repeat(100_000)])("%j is refused", (text) => {
    expect(() => readEvent("ExecutorEvent", Buffer.from(text))).toThrow("GLOAM_MESOS_PROTOCOL");
  });

  test("a message that is nested deeper than the stack is refused", () => {
    const depth = 200_000;
    const parents = `${'{"value":"c","parent":'.repeat(depth)}{"value":"c"}${"}".repeat(depth)}`;
    const id = '{"value":"x"}';
    const text = `{"type":"SUBSCRIBED","subscribed":{"executor_info":{"executor_id":${id}},"framework_info":{"user":"u","name":"n"},"agent_info":{"hostname":"h"},"container_id":${parents}}}`;
    expect(() => readEvent("ExecutorEvent", Buffer.from(text))).toThrow("GLOAM_MESOS_PROTOCOL");
  });
});

test("every kind in the table is one", () => {
  const scalars = ["string", "bytes", "boolean", "number", "integer"];
  const kinds = Object.values(messageTable).flatMap((row) => Object.values(row).map((kind) => kind.replace(/^\W/, "")));
  expect(kinds.filter((kind) => !scalars.includes(kind) && !(kind in messageTable) && !(kind in enumTable))).toEqual(
    [],
  );
});

test("types and table are what the definitions say", () => {
  const generator = fileURLToPath(new URL("../../proto/generate.mjs", import.meta.url));
  const { stderr, status } = spawnSync(process.execPath, [generator, "--check"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

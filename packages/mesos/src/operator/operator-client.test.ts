import { afterEach, describe, expect, test } from "vitest";
import { FakeMesos } from "../testing/fake-mesos.ts";
import { OperatorClient, type OperatorClientOptions } from "./operator-client.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(answer: FakeMesos["answer"], options: Partial<OperatorClientOptions> = {}) {
  const master = await FakeMesos.start();
  master.answer = answer;
  const client = new OperatorClient({ address: master.address, ...options });
  ends.push(
    () => master.stop(),
    () => client.close(),
  );
  return { master, client };
}

const agents = {
  type: "GET_AGENTS",
  get_agents: { agents: [{ agent_info: { hostname: "h" }, active: true, version: "1.11.0" }] },
};
const found = (value: unknown) => () => ({ status: 200, text: JSON.stringify(value) });

describe("OperatorClient", () => {
  test("gives the payload of the answer", async () => {
    const credential = { principal: "p", secret: "s" };
    const { master, client } = await start(found(agents), { credential });
    const { agents: [first] = [] } = await client.call({ type: "GET_AGENTS" });
    expect(first?.agent_info.hostname).toBe("h");
    expect(master.calls[0]).toMatchObject({
      path: "/api/v1",
      headers: { authorization: `Basic ${Buffer.from("p:s").toString("base64")}` },
      call: { type: "GET_AGENTS" },
    });
  });

  test("gives nothing where there is none", async () => {
    const { client } = await start(() => ({ status: 200 }));
    const frameworkId = { framework_id: { value: "f" } };
    expect(await client.call({ type: "TEARDOWN", teardown: frameworkId })).toBeUndefined();
  });

  test("uses the path of an agent", async () => {
    const { master } = await start(found({ type: "GET_HEALTH", get_health: { healthy: true } }));
    const client = new OperatorClient({ address: `http://${master.address}/slave(2)/api/v1` });
    ends.push(() => client.close());
    expect(await client.callAgent({ type: "GET_HEALTH" })).toEqual({ healthy: true });
    expect(master.calls[0]?.path).toBe("/slave(2)/api/v1");
  });

  test("follows to the leader, and stays there", async () => {
    const leader = await FakeMesos.start();
    ends.push(() => leader.stop());
    leader.answer = found(agents);
    const { master, client } = await start(() => ({
      status: 307,
      headers: { location: `//${leader.address}/api/v1` },
    }));
    await client.call({ type: "GET_AGENTS" });
    await client.call({ type: "GET_AGENTS" });
    expect([master.calls.length, leader.calls.length]).toEqual([1, 2]);
  });

  test.each([
    [401, "GLOAM_MESOS_UNAUTHORIZED"],
    [403, "GLOAM_MESOS_UNAUTHORIZED"],
    [400, "GLOAM_MESOS_ERROR"],
    [500, "GLOAM_MESOS_ERROR"],
    [503, "GLOAM_MESOS_DISCONNECTED"],
    [307, "GLOAM_MESOS_DISCONNECTED"],
  ])("%d is %s", async (status, code) => {
    const { client } = await start(() => ({ status, text: "why" }));
    await expect(client.call({ type: "GET_STATE" })).rejects.toMatchObject({ code });
  });

  test.each(["<html>", "[]", '{"type":"GET_AGENTS"}', '{"type":"GET_AGENTS","get_agents":{"agents":[{}]}}'])(
    "%s cannot be believed",
    async (text) => {
      const { client } = await start(() => ({ status: 200, text }));
      await expect(client.call({ type: "GET_AGENTS" })).rejects.toMatchObject({ code: "GLOAM_MESOS_PROTOCOL" });
    },
  );

  test("says that nobody is there", async () => {
    const { master, client } = await start(() => undefined);
    await master.stop();
    const refusal = { code: "GLOAM_MESOS_DISCONNECTED", message: expect.stringContaining("ECONNREFUSED") as string };
    await expect(client.call({ type: "GET_STATE" })).rejects.toMatchObject(refusal);
  });

  test("is usable again after it was closed", async () => {
    const { client } = await start(found(agents));
    await client.call({ type: "GET_AGENTS" });
    await client.close();
    await client.call({ type: "GET_AGENTS" });
  });
});

import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "./free-port.ts";

const server = createServer();
let taken: number;

beforeEach(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  taken = (server.address() as AddressInfo).port;
});
afterEach(() => server.close());

test("the wanted port, if it is free", async () => {
  const free = await freePort(0);
  expect(await freePort(free)).toBe(free);
});

test("any port is none that outgoing connections are given, nor one that agents offer", async () => {
  const port = await freePort(0);
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(31_000);
});

test("one that is taken is refused when it was wanted, and otherwise the next is tried", async () => {
  await expect(freePort(taken)).rejects.toMatchObject({
    code: "GLOAM_PORT_TAKEN",
    message: `GLOAM_PORT_TAKEN: port ${taken} of 127.0.0.1 cannot be used: another process listens on it`,
  });
  const free = await freePort(0);
  const proposals = [taken, taken, free];
  expect(await freePort(0, () => proposals.shift() ?? 0)).toBe(free);
});

test("the search ends", async () => {
  await expect(freePort(0, () => taken)).rejects.toMatchObject({ code: "GLOAM_PORT_TAKEN" });
});

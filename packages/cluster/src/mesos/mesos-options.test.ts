import type { GloamError } from "@gloam/common";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mesosOptions } from "./mesos-options.ts";
import { configurationOf } from "./testing/configuration-of.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "gloam-test-"))));
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

const options = (settings: Readonly<Record<string, unknown>> = {}, masters = ["127.0.0.1:5050"]) =>
  mesosOptions(configurationOf(settings), { masters });

/** How these settings are refused. */
function refusal(settings: Readonly<Record<string, unknown>>): Pick<GloamError, "code" | "message" | "hint"> {
  try {
    options(settings);
  } catch (error) {
    const { code, message, hint } = error as GloamError;
    expect(code).toBe("GLOAM_CONF_INVALID");
    expect(`${message} ${hint} ${JSON.stringify(error)}`).not.toContain("hunter2");
    return { code, message, hint };
  }
  throw new Error("they are taken");
}

test("where nothing is said", () => {
  expect(options({ "app.name": "sums", "executor.memory": "1g", "executor.cores": 2 })).toEqual({
    masters: ["127.0.0.1:5050"],
    connectTimeout: 60_000,
    credential: undefined,
    masterTls: undefined,
    name: "sums",
    logLevel: "warn",
    user: userInfo().username,
    roles: ["*"],
    checkpoint: true,
    failoverTimeout: 600_000,
    frameworkIdFile: undefined,
    labels: undefined,
    needs: {
      executor: { cpus: 2, mem: 1152, disk: 0, gpus: 0, ports: 0 },
      supervisor: { mem: 64 },
    },
    revocable: false,
    refusal: 120_000,
    constraints: [],
    container: undefined,
    environment: [],
    uris: [],
    home: undefined,
    node: "node",
    address: { host: "127.0.0.1", bindAddress: undefined, port: 0, runtimePort: 0 },
  });
});

test("all that may be said", () => {
  const file = join(directory, "id");
  expect(
    options({
      "driver.host": "driver.example",
      "driver.bindAddress": "0.0.0.0",
      "driver.port": 4040,
      "driver.runtimePort": 4041,
      "executor.memory": "512m",
      "mesos.connectTimeout": "5s",
      "mesos.constraints": "rack:a",
      "mesos.disk": "1.5m",
      "mesos.environment": "LANG=C,TZ=UTC",
      "mesos.executor.home": "/opt/gloam",
      "mesos.executor.node": "/opt/node",
      "mesos.executor.overhead": "100000000b",
      "mesos.frameworkIdFile": file,
      "mesos.gpus": 2,
      "mesos.image": "node:22",
      "mesos.labels": "team:data",
      "mesos.ports": 1,
      "mesos.rejectOfferDuration": "1s",
      "mesos.revocable": true,
      "mesos.role": "a, b",
      "mesos.uris": "http://a/b, http://c/d",
      "mesos.user": "worker",
    }),
  ).toMatchObject({
    connectTimeout: 5000,
    user: "worker",
    roles: ["a", "b"],
    frameworkIdFile: file,
    labels: { labels: [{ key: "team", value: "data" }] },
    needs: { executor: { mem: 608, disk: 2, gpus: 2, ports: 1 } },
    revocable: true,
    refusal: 1000,
    constraints: [{ attribute: "rack", condition: { kind: "oneOf", values: ["a"] } }],
    container: { type: "MESOS" },
    environment: [
      ["LANG", "C"],
      ["TZ", "UTC"],
    ],
    uris: ["http://a/b", "http://c/d"],
    home: "/opt/gloam",
    node: "/opt/node",
    address: { host: "driver.example", bindAddress: "0.0.0.0", port: 4040, runtimePort: 4041 },
  });
});

test("is plain data, which goes to the scheduling thread", () => {
  const all = options({ "mesos.constraints": "cores:>=2", "mesos.principal": "p", "mesos.secret": "s" });
  expect(structuredClone(all)).toEqual(all);
});

test("there has to be a role", () => {
  expect(refusal({ "mesos.role": " , " }).message).toContain("mesos.role");
});

describe("credentials", () => {
  const principal = { "mesos.principal": "gloam" };

  test("are a principal and its secret, from the configuration or a file", () => {
    const credential = { principal: "gloam", secret: "hunter2" };
    expect(options({ ...principal, "mesos.secret": "hunter2" }).credential).toEqual(credential);
    for (const end of ["", "\n", "\r\n"]) {
      const file = write("secret", `hunter2${end}`);
      expect(options({ ...principal, "mesos.secretFile": file }).credential).toEqual(credential);
    }
  });

  test.each([
    [{ "mesos.secret": "hunter2" }, "mesos.principal: a secret is given and no principal"],
    [principal, "mesos.principal: there is no secret for it"],
    [{ ...principal, "mesos.secret": " " }, "mesos.principal: there is no secret for it"],
    [{ ...principal, "mesos.secret": "hunter2", "mesos.secretFile": "x" }, "mesos.secret is given as well"],
    [{ ...principal, "mesos.secretFile": "/there/is/none" }, "mesos.secretFile: the file cannot be read"],
  ])("%j are none", (settings, message) => {
    expect(refusal(settings).message).toContain(message);
  });

  test("in a file that is empty are none", () => {
    const file = write("secret", "\n");
    expect(refusal({ ...principal, "mesos.secretFile": file }).message).toContain("there is no secret for it");
    expect(refusal({ "mesos.secretFile": write("hidden", "hunter2") }).message).toContain("no principal");
  });
});

describe("TLS with masters", () => {
  test("is off, on, and on with files", () => {
    expect(options({ "mesos.tls.authority": "/there/is/none" }).masterTls).toBeUndefined();
    expect(options({ "mesos.tls.enabled": true }).masterTls).toEqual({});
    const [ca, cert, key] = [write("ca", "the ca"), write("cert", "the cert"), write("key", "the key")];
    expect(
      options({
        "mesos.tls.enabled": true,
        "mesos.tls.authority": ca,
        "mesos.tls.certificate": cert,
        "mesos.tls.key": key,
      }).masterTls,
    ).toEqual({ ca: "the ca", cert: "the cert", key: "the key" });
  });

  test.each(["mesos.tls.certificate", "mesos.tls.key"])("%s goes not alone", (name) => {
    const settings = { "mesos.tls.enabled": true, [name]: write("one", "hunter2") };
    expect(refusal(settings).message).toContain("a certificate and its key go together");
  });

  test.each(["mesos.tls.authority", "mesos.tls.certificate", "mesos.tls.key"])("%s has to be there", (name) => {
    const { message, hint } = refusal({ "mesos.tls.enabled": true, [name]: "/there/is/none" });
    expect(message).toContain(`${name}: the file cannot be read`);
    expect(hint).toBe("name a file that this process may read");
  });
});

test.each([
  ["mesos.labels", "team"],
  ["mesos.environment", "A"],
  ["mesos.constraints", "rack:"],
  ["mesos.volumes", "/a"],
])("%s of '%s' is refused by its name", (name, value) => {
  expect(refusal({ [name]: value }).message).toContain(name);
});

import { GloamContext } from "gloam";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { generate } from "selfsigned";
import { afterEach, describe, expect, test } from "vitest";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function cluster(conf: Readonly<Record<string, string | boolean>>): GloamContext {
  const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf });
  ends.push(() => gc.stop());
  return gc;
}

/** Processes of both executors, as soon as both take tasks. */
async function executors(gc: GloamContext): Promise<number[]> {
  const pids = new Set<number>();
  for (let attempt = 0; attempt < 100 && pids.size < 2; attempt++) {
    const ran = gc.range(0, 4, { partitions: 4 }).map(() => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      return process.pid;
    });
    for (const pid of await ran.collect()) pids.add(pid);
  }
  return [...pids];
}

/** A shuffle in which reducers read from both executors; gives the processes of these. */
async function exchange(gc: GloamContext): Promise<number[]> {
  const pids = await executors(gc);
  const sums = await gc
    .range(0, 100_000, { partitions: 4 })
    .map((n) => [n % 1000, n] as const)
    .reduceByKey((one, other) => one + other, 4)
    .collect();
  expect(sums.length).toBe(1000);
  expect(sums.reduce((sum, [, value]) => sum + value, 0)).toBe(4_999_950_000);
  return pids;
}

/** Ports that a process of this machine listens at. */
function portsOf(pid: number): number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const listening = "0A";
  return readFileSync(`/proc/${pid}/net/tcp`, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === listening && sockets.has(inode ?? ""))
    .map(([, local = ""]) => Number.parseInt(local.split(":")[1] ?? "", 16));
}

/** The certificate that whoever listens at a port shows, by its fingerprint; undefined where it does not speak TLS. */
function shownAt(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, minVersion: "TLSv1.3" });
    ends.push(() => socket.destroy());
    socket.once("secureConnect", () => resolve(socket.getPeerX509Certificate()?.fingerprint256));
    socket.once("error", () => resolve(undefined));
    socket.once("close", () => resolve(undefined));
  });
}

async function fileNames(): Promise<{ readonly fingerprint: string; readonly conf: Record<string, string> }> {
  const directory = mkdtempSync(join(tmpdir(), "gloam-tls-"));
  ends.push(() => rmSync(directory, { recursive: true }));
  const { cert, private: key } = await generate([{ name: "commonName", value: "elsewhere.example" }], {
    keyType: "ec",
    algorithm: "sha256",
  });
  const conf: Record<string, string> = {};
  for (const [name, text] of Object.entries({ certificate: cert, key, authority: cert })) {
    conf[`network.tls.${name}`] = join(directory, name);
    writeFileSync(join(directory, name), text);
  }
  return { fingerprint: new X509Certificate(cert).fingerprint256, conf };
}

describe.skipIf(process.platform !== "linux")("over TLS", () => {
  test("driver and executors show the configured certificate at every port, and a shuffle works", async () => {
    const { fingerprint, conf } = await fileNames();
    const gc = cluster({ "network.tls.enabled": true, ...conf });
    const pids = await exchange(gc);
    const ports = [process.pid, ...pids].map((pid) => portsOf(pid));
    expect(pids.length).toBe(2);
    expect(ports.slice(1).map(({ length }) => length)).toEqual([1, 1]);
    const shown = await Promise.all(ports.flat().map(shownAt));
    expect(shown.filter((each) => each === fingerprint).length).toBe(3);
    for (const executor of shown.slice(-2)) expect(executor).toBe(fingerprint);
  });

  test("a certificate is made where none is configured, the same for all", async () => {
    const gc = cluster({ "network.tls.enabled": true });
    const pids = await exchange(gc);
    const shown = await Promise.all(pids.flatMap(portsOf).map(shownAt));
    expect(shown).toEqual([shown[0], shown[0]]);
    expect(shown[0]).toMatch(/^[0-9A-F:]{95}$/);
  });

  test("nobody speaks TLS unless told to", async () => {
    const pids = await exchange(cluster({}));
    expect(await Promise.all(pids.flatMap(portsOf).map(shownAt))).toEqual([undefined, undefined]);
  });
});

test("what cannot be used is said by the context", () => {
  expect(() =>
    cluster({ "network.tls.enabled": true, "network.tls.certificate": "/nowhere", "network.tls.key": "/" }),
  ).toThrow(expect.objectContaining({ code: "GLOAM_CONF_INVALID" }));
});

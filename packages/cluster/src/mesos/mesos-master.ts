import { GloamError } from "@gloam/common";

const defaultPort = 5050;

/** What `mesos://` names: masters as `host:port`, of which one leads. */
export interface MesosMaster {
  readonly masters: readonly string[];
}

/**
 * Reads a master `mesos://host:port` or `mesos://a:5050,b:5050`. Undefined for other masters.
 * @throws GloamError `GLOAM_MASTER_URL_INVALID` for one that begins so and goes on otherwise.
 */
export function mesosMaster(master: string): MesosMaster | undefined {
  if (!master.startsWith("mesos:")) return undefined;
  const written = master.slice("mesos:".length);
  if (written.includes("@")) {
    throw invalid(
      "mesos://...",
      "name principal and secret as mesos.principal and mesos.secretFile, not in the address",
    );
  }
  if (written.startsWith("//zk:")) {
    throw invalid(master, "masters cannot be looked up in ZooKeeper yet: name them, mesos://a:5050,b:5050");
  }
  if (!written.startsWith("//")) throw invalid(master, "write mesos://host:port");
  const masters = written.slice(2).replace(/\/$/, "").split(",");
  return { masters: masters.map((each) => addressOf(each.trim(), master)) };
}

function addressOf(written: string, master: string): string {
  const match = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d+))?$/i.exec(written);
  const port = Number(match?.[2] ?? defaultPort);
  if (match === null || port < 1 || port > 65_535) {
    throw invalid(master, "write mesos://host:port, or several masters with commas between: mesos://a:5050,b:5050");
  }
  return `${match[1]}:${port}`;
}

function invalid(master: string, hint: string): GloamError {
  return new GloamError("GLOAM_MASTER_URL_INVALID", `'${master}' is no Mesos master`, { hint });
}

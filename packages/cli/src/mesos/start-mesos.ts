import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { GloamError } from "@gloam/common";
import { agentFlags } from "./agent-flags.ts";
import { clusterEnvironment } from "./cluster-environment.ts";
import { freePort } from "./free-port.ts";
import { installMesos, type MesosInstallOptions } from "./install-mesos.ts";
import { LocalMesos } from "./local-mesos.ts";
import { pythonProgram } from "./package-files.ts";
import { readCredential } from "./read-credential.ts";

/** What a local cluster is started with. */
export interface MesosOptions extends MesosInstallOptions {
  /** How many agents; 1 when left out. */
  readonly agents?: number | undefined;
  /** Port of the master on 127.0.0.1; a free one when 0 or left out. */
  readonly port?: number | undefined;
  /**
   * Where master and agents keep what they know, and executors their sandboxes. One that was used before is a restart, with
   * the same port and agents. A temporary one, removed by `stop()`, when left out.
   */
  readonly workDirectory?: string | undefined;
  /** Resources of each agent, as Mesos writes them; 4 cpus, 8 GiB memory, 16 GiB disk and 1001 ports when left out. */
  readonly resources?: string | undefined;
  /** Attributes of the agents, besides `agent:1`, `agent:2`: see `AgentDifferences`. */
  readonly attributes?: readonly string[] | undefined;
  /** Host names of the agents: see `AgentDifferences`. */
  readonly hostnames?: readonly string[] | undefined;
  /** Secrets by principal, or a file with them in one of Mesos's forms. Frameworks must authenticate when it is given. */
  readonly credentials?: Readonly<Record<string, string>> | string | undefined;
  /** Further flags of `mesos-master` and `mesos-agent`: `{ agent_ping_timeout: "5secs" }`. */
  readonly flags?: Readonly<Record<string, string>> | undefined;
}

/** What an agent of a local cluster offers. */
const defaultResources = "cpus:4;mem:8192;disk:16384;ports:[31000-32000]";

/**
 * Installs Apache Mesos unless it is there, and starts a master and agents in one process on 127.0.0.1. Resolves when the
 * master answers and its agents have registered, a second or two later. Master and agents end with this process, and so do
 * executors when the work directory is a temporary one.
 *
 * @throws GloamError as `installMesos` does; `GLOAM_PORT_TAKEN`; `GLOAM_MESOS_START_FAILED` with what Mesos says when it does
 *   not start, as for an unknown value of a flag.
 * @example
 * await using mesos = await startMesos({ agents: 2 });
 * mesos.url; // "mesos://127.0.0.1:40123"
 */
export async function startMesos(options: MesosOptions = {}): Promise<LocalMesos> {
  const { agents = 1, attributes, hostnames, resources = defaultResources, credentials, flags = {} } = options;
  const differences = agentFlags({ agents, attributes, hostnames });
  const installation = await installMesos(options);
  const port = await freePort(options.port ?? 0);
  const isTemporary = options.workDirectory === undefined;
  const workDirectory = makeWorkDirectory(options.workDirectory);
  const secrets = credentialsFile(workDirectory, credentials);
  const mesos = new LocalMesos({
    installation,
    port,
    workDirectory,
    isTemporary,
    agents: differences,
    environment: clusterEnvironment(
      {
        port,
        workDirectory,
        launcherDirectory: makeLauncherDirectory(workDirectory, installation.python),
        resources,
        credentialsFile: secrets,
        flags,
      },
      process.env,
    ),
    authorization: secrets === undefined ? undefined : readCredential(secrets),
  });
  try {
    await mesos.start();
  } catch (error) {
    // Executors of a cluster that ran here before, or still does, are not this one's to end.
    await (isTemporary ? mesos.stop() : mesos.kill());
    throw error;
  }
  return mesos;
}

/** Its real path: processes are recognized by it. */
function makeWorkDirectory(wanted: string | undefined): string {
  try {
    if (wanted === undefined) return realpathSync(mkdtempSync(join(tmpdir(), "gloam-mesos-")));
    mkdirSync(wanted, { recursive: true });
    return realpathSync(wanted);
  } catch (cause) {
    const message = `the work directory cannot be made: ${(cause as Error).message}`;
    throw new GloamError("GLOAM_MESOS_START_FAILED", message, { cause, hint: "name another directory" });
  }
}

/**
 * Agents find the program that starts containers by its name in a directory. It names this very Python: each start would
 * otherwise wait for whatever looks for one.
 */
function makeLauncherDirectory(workDirectory: string, python: string): string {
  const directory = join(workDirectory, "launcher");
  mkdirSync(directory, { recursive: true });
  const program = readFileSync(pythonProgram("mesos_containerizer"), "utf8");
  const file = join(directory, "mesos-containerizer");
  // Another file, as containers may run the one that is there.
  rmSync(file, { force: true });
  writeFileSync(file, `#!${python} -IS\n${program}`, { mode: 0o755 });
  return directory;
}

function credentialsFile(workDirectory: string, credentials: MesosOptions["credentials"]): string | undefined {
  if (credentials === undefined || typeof credentials === "string") return credentials && resolve(credentials);
  const file = join(workDirectory, "credentials.json");
  const list = Object.entries(credentials).map(([principal, secret]) => ({ principal, secret }));
  writeFileSync(file, JSON.stringify({ credentials: list }), { mode: 0o600 });
  return file;
}

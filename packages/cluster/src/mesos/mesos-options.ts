import { GloamError, type Configuration, type ConfigurationKey, type LogLevel } from "@gloam/common";
import type { ContainerInfo, Labels, SchedulerClientOptions } from "@gloam/mesos";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { parseConstraints } from "./agent-constraints.ts";
import { containerOf } from "./container.ts";
import { driverHost } from "./driver-host.ts";
import type { MesosMaster } from "./mesos-master.ts";
import { items, namedValues } from "./name-lists.ts";
import type { ResourceNeeds } from "./resource-needs.ts";

/** What the configuration says of Mesos: plain data. */
export interface MesosOptions {
  readonly masters: readonly string[];
  readonly connectTimeout: number;
  readonly credential: SchedulerClientOptions["credential"];
  readonly masterTls: SchedulerClientOptions["tls"];
  readonly name: string;
  readonly logLevel: LogLevel;
  readonly user: string;
  readonly roles: readonly string[];
  readonly checkpoint: boolean;
  readonly failoverTimeout: number;
  readonly frameworkIdFile: string | undefined;
  readonly labels: Labels | undefined;
  readonly needs: ResourceNeeds;
  readonly revocable: boolean;
  readonly refusal: number;
  readonly constraints: ReturnType<typeof parseConstraints>;
  readonly container: ContainerInfo | undefined;
  /** Names and values. */
  readonly environment: readonly (readonly [string, string])[];
  readonly uris: readonly string[];
  /** Where Gloam is on agents; undefined where they fetch it. */
  readonly home: string | undefined;
  /** Command that runs Node.js on agents. */
  readonly node: string;
  readonly address: {
    readonly host: string;
    readonly bindAddress: string | undefined;
    readonly port: number;
    readonly runtimePort: number;
  };
}

const mebibyte = 2 ** 20;
/**
 * What a Mesos executor takes: a Node.js process that waits. It takes no share of a cpu, which would leave room for one executor less on
 * many an agent; masters remark on that in their log, and do not mind.
 */
const supervisor = { mem: 64 };

/**
 * Reads what concerns Mesos.
 * @throws GloamError `GLOAM_CONF_INVALID`
 */
export function mesosOptions(configuration: Configuration, { masters }: MesosMaster): MesosOptions {
  const given = (key: TextKey): string | undefined => configuration.get(key).trim() || undefined;
  const slots = configuration.get("executor.cores");
  const memory = configuration.get("executor.memory") + configuration.get("mesos.executor.overhead");
  const labels = namedValues("mesos.labels", configuration.get("mesos.labels"), ":");
  return {
    masters,
    connectTimeout: configuration.get("mesos.connectTimeout"),
    credential: credentialOf(configuration),
    masterTls: masterTlsOf(configuration),
    name: configuration.get("app.name"),
    logLevel: configuration.get("log.level"),
    user: given("mesos.user") ?? userInfo().username,
    roles: rolesOf(configuration),
    checkpoint: configuration.get("mesos.checkpoint"),
    failoverTimeout: configuration.get("mesos.failoverTimeout"),
    frameworkIdFile: given("mesos.frameworkIdFile"),
    labels: labels.length === 0 ? undefined : { labels: labels.map(([key, value]) => ({ key, value })) },
    needs: {
      executor: {
        cpus: slots,
        mem: Math.ceil(memory / mebibyte),
        disk: Math.ceil(configuration.get("mesos.disk") / mebibyte),
        gpus: configuration.get("mesos.gpus"),
        ports: configuration.get("mesos.ports"),
      },
      supervisor,
    },
    revocable: configuration.get("mesos.revocable"),
    refusal: configuration.get("mesos.rejectOfferDuration"),
    constraints: parseConstraints(configuration.get("mesos.constraints")),
    container: containerOf(configuration),
    environment: namedValues("mesos.environment", configuration.get("mesos.environment"), "="),
    uris: items(configuration.get("mesos.uris")),
    home: given("mesos.executor.home"),
    node: configuration.get("mesos.executor.node"),
    address: {
      host: given("driver.host") ?? driverHost(masters),
      bindAddress: given("driver.bindAddress"),
      port: configuration.get("driver.port"),
      runtimePort: configuration.get("driver.runtimePort"),
    },
  };
}

type TextKey =
  | "driver.host"
  | "driver.bindAddress"
  | "mesos.user"
  | "mesos.frameworkIdFile"
  | "mesos.executor.home"
  | "mesos.principal"
  | "mesos.secret"
  | "mesos.secretFile";

function rolesOf(configuration: Configuration): readonly string[] {
  const roles = items(configuration.get("mesos.role"));
  if (roles.length > 0) return roles;
  throw invalid("mesos.role", "there is no role in it", "name a role, or several with commas between, or *");
}

function credentialOf(configuration: Configuration): MesosOptions["credential"] {
  const principal = configuration.get("mesos.principal").trim();
  const secretFile = configuration.get("mesos.secretFile").trim();
  const written = configuration.get("mesos.secret");
  if (written !== "" && secretFile !== "") {
    throw invalid("mesos.secretFile", "mesos.secret is given as well", "give one of both");
  }
  const secret = secretFile === "" ? written : readText("mesos.secretFile", secretFile).replace(/\r?\n$/, "");
  if (principal === "" && secret === "") return undefined;
  if (principal === "")
    throw invalid("mesos.principal", "a secret is given and no principal", "give the principal too");
  if (secret === "") {
    throw invalid("mesos.principal", "there is no secret for it", "give mesos.secretFile, or mesos.secret");
  }
  return { principal, secret };
}

function masterTlsOf(configuration: Configuration): MesosOptions["masterTls"] {
  if (!configuration.get("mesos.tls.enabled")) return undefined;
  const read = (key: "mesos.tls.authority" | "mesos.tls.certificate" | "mesos.tls.key"): string | undefined => {
    const name = configuration.get(key).trim();
    return name === "" ? undefined : readText(key, name);
  };
  const [ca, cert, key] = [read("mesos.tls.authority"), read("mesos.tls.certificate"), read("mesos.tls.key")];
  if ((cert === undefined) !== (key === undefined)) {
    throw invalid(
      "mesos.tls.certificate",
      "a certificate and its key go together",
      "give mesos.tls.key as well, or neither",
    );
  }
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}

function readText(key: ConfigurationKey, name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (cause) {
    const told = cause instanceof Error ? cause.message : String(cause);
    throw invalid(key, `the file cannot be read: ${told}`, "name a file that this process may read", cause);
  }
}

function invalid(key: ConfigurationKey, what: string, hint: string, cause?: unknown): GloamError {
  return new GloamError("GLOAM_CONF_INVALID", `${key}: ${what}`, { hint, cause });
}

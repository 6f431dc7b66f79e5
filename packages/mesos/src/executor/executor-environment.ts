import { GloamError } from "@gloam/common";
import { parseMesosDuration } from "./mesos-duration.ts";

/** What an agent tells an executor through its environment. Times are in milliseconds. */
export interface ExecutorEnvironment {
  /** Origin of the agent, such as `http://10.0.0.7:5051`. */
  readonly agentOrigin: string;
  /** Path of its executor API. Several agents of one process have different ones. */
  readonly agentPath: string;
  readonly frameworkId: string;
  readonly executorId: string;
  /** The executor's sandbox on the agent's file system; inside a container with its own, `sandbox` is where it is mounted. */
  readonly directory: string;
  readonly sandbox: string;
  /** Whether the executor outlives its agent: it waits for the agent to come back. */
  readonly checkpoint: boolean;
  /** How long it waits. */
  readonly recoveryTimeout: number;
  /** Longest wait between attempts to subscribe. */
  readonly subscriptionBackOffMost: number;
  /** How long the executor may take to end after SHUTDOWN. */
  readonly shutdownGracePeriod: number;
  /** Bearer token that proves to the agent who the executor is. */
  readonly authenticationToken: string | undefined;
  /** Unix domain socket of the agent, used instead of TCP. */
  readonly domainSocket: string | undefined;
}

/** What Mesos itself takes where a variable is not set, in milliseconds. */
const defaults = { recoveryTimeout: 15 * 60_000, subscriptionBackOffMost: 2000, shutdownGracePeriod: 5000 };

/**
 * Reads the variables that an agent sets for an executor.
 *
 * @throws GLOAM_MESOS_ENVIRONMENT with the name of one that is missing or cannot be read.
 */
export function executorEnvironment(environment: NodeJS.ProcessEnv): ExecutorEnvironment {
  const text = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") throw new GloamError("GLOAM_MESOS_ENVIRONMENT", `${name} is not set`);
    return value;
  };
  const duration = (name: string, byDefault: number): number => {
    const value = environment[name];
    if (value === undefined || value === "") return byDefault;
    const milliseconds = parseMesosDuration(value);
    if (milliseconds === undefined) throw wrong(name, value, "is no duration");
    return milliseconds;
  };
  const isSet = (name: string): boolean => ["1", "true"].includes(environment[name] ?? "");

  // `slave(2)@10.0.0.7:5051`: the agent's name within its process is the first part of its paths.
  const pid = text("MESOS_SLAVE_PID");
  const [, name, address] = /^([^@/\s]+)@([^@/\s]+:\d+)$/.exec(pid) ?? [];
  if (name === undefined || address === undefined) throw wrong("MESOS_SLAVE_PID", pid, "is no libprocess address");
  const scheme = isSet("LIBPROCESS_SSL_ENABLED") || isSet("SSL_ENABLED") ? "https" : "http";
  const origin = `${scheme}://${environment["MESOS_AGENT_ENDPOINT"] || address}`;
  if (!URL.canParse(origin)) throw wrong("MESOS_AGENT_ENDPOINT", origin, "is no address");
  const directory = text("MESOS_DIRECTORY");
  return {
    agentOrigin: new URL(origin).origin,
    agentPath: `/${name}/api/v1/executor`,
    frameworkId: text("MESOS_FRAMEWORK_ID"),
    executorId: text("MESOS_EXECUTOR_ID"),
    directory,
    sandbox: environment["MESOS_SANDBOX"] || directory,
    checkpoint: isSet("MESOS_CHECKPOINT"),
    recoveryTimeout: duration("MESOS_RECOVERY_TIMEOUT", defaults.recoveryTimeout),
    subscriptionBackOffMost: duration("MESOS_SUBSCRIPTION_BACKOFF_MAX", defaults.subscriptionBackOffMost),
    shutdownGracePeriod: duration("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", defaults.shutdownGracePeriod),
    authenticationToken: environment["MESOS_EXECUTOR_AUTHENTICATION_TOKEN"] || undefined,
    domainSocket: environment["MESOS_DOMAIN_SOCKET"] || undefined,
  };
}

function wrong(name: string, value: string, problem: string): GloamError {
  return new GloamError("GLOAM_MESOS_ENVIRONMENT", `${name} ${problem}: '${value}'`);
}

/** What a local cluster's environment is made from; paths are absolute. */
export interface ClusterSettings {
  readonly port: number;
  readonly workDirectory: string;
  /** Holds `mesos-containerizer`. */
  readonly launcherDirectory: string;
  /** Resources of each agent, as Mesos writes them. */
  readonly resources: string;
  /** A file with principals and secrets; frameworks must then authenticate. */
  readonly credentialsFile?: string | undefined;
  /** Further flags of master and agents, without dashes in front. */
  readonly flags: Readonly<Record<string, string>>;
}

/** What executors get of the environment of whoever started the cluster, as an agent's are few. */
const inherited = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR)$/;

/**
 * The environment of the process of master and agents, which take each flag from a variable.
 *
 * Little is inherited: agents hand theirs on to executors, and those of a real cluster know nothing of the driver's.
 */
export function clusterEnvironment(
  settings: ClusterSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const { port, credentialsFile } = settings;
  const flags: Record<string, string> = {
    ip: "127.0.0.1",
    port: String(port),
    hostname: "127.0.0.1",
    work_dir: settings.workDirectory,
    launcher_dir: settings.launcherDirectory,
    launcher: "posix",
    resources: settings.resources,
    // Offers come at once, and agents register without delay: nobody else is here to be spared.
    allocation_interval: "200ms",
    registration_backoff_factor: "50ms",
    ...(credentialsFile !== undefined && {
      credentials: `file://${credentialsFile}`,
      // For agents, when a flag makes them ask too.
      http_credentials: `file://${credentialsFile}`,
      authenticate_http_frameworks: "true",
      http_framework_authenticators: "basic",
    }),
  };
  for (const [name, value] of Object.entries(settings.flags)) flags[name.replaceAll("-", "_").toLowerCase()] = value;
  const handedOn = Object.entries(environment).filter(([name, value]) => value !== undefined && inherited.test(name));
  return {
    ...(Object.fromEntries(handedOn) as Record<string, string>),
    LIBPROCESS_IP: "127.0.0.1",
    LIBPROCESS_PORT: String(port),
    ...Object.fromEntries(Object.entries(flags).map(([name, value]) => [`MESOS_${name.toUpperCase()}`, value])),
  };
}

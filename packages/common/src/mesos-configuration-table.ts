import { nothing, row, type ConfigurationDescription } from "./configuration-row.ts";
import { boolean, bytes, duration, file, integer, oneOf, optionalText, secret, text } from "./configuration-type.ts";

/** The keys that only a `mesos://` master reads. */
export const mesosConfiguration = {
  "mesos.checkpoint": row(boolean, true, "let executors go on while their agent is restarted"),
  "mesos.connectTimeout": row(
    duration,
    60_000,
    "how long to look for a master that takes the application before it fails; one that is lost later is looked for as long as mesos.failoverTimeout",
  ),
  "mesos.constraints": row(
    optionalText,
    nothing,
    'which agents may be used, by attribute: "rack:a,b;zone:~eu-.*;ssd;cores:4..64;hostname:#2"; the page on Mesos has all forms',
  ),
  "mesos.containerizer": row(
    oneOf("mesos", "docker"),
    "mesos",
    "which of the agents' containerizers runs executors with mesos.image or mesos.volumes",
  ),
  "mesos.disk": row(bytes(), 0, "disk of one executor that is taken from offers; 0 takes none into account"),
  "mesos.environment": row(
    optionalText,
    nothing,
    'environment of executors: "NAME=value,OTHER=value"; can be read in the master\'s state, so no secrets',
  ),
  "mesos.executor.home": row(
    optionalText,
    nothing,
    "directory on agents in which Gloam is installed; none has them fetch it from the driver",
  ),
  "mesos.executor.node": row(text, "node", "command that runs Node.js on agents"),
  "mesos.executor.overhead": row(
    bytes(),
    128 * 2 ** 20,
    "memory of one executor beside executor.memory that is taken from offers",
  ),
  "mesos.failoverTimeout": row(
    duration,
    600_000,
    "how long the master waits for a driver that has gone before it ends what is left of it",
  ),
  "mesos.frameworkIdFile": row(
    file,
    nothing,
    "file that keeps the framework id, so that the next driver takes the framework over from one that died",
  ),
  "mesos.gpus": row(integer(0), 0, "gpus of one executor"),
  "mesos.image": row(optionalText, nothing, "container image that executors run in"),
  "mesos.labels": row(optionalText, nothing, 'labels of framework and tasks: "name:value,other:value"'),
  "mesos.network": row(optionalText, nothing, "name of the container network that executors join"),
  "mesos.ports": row(integer(0), 0, "ports of one executor that are taken from offers; it listens at the first"),
  "mesos.principal": row(optionalText, nothing, "principal that the driver is known as"),
  "mesos.rejectOfferDuration": row(
    duration,
    120_000,
    "how long offers that do not fit are not to be made again, unless there is more in them",
  ),
  "mesos.revocable": row(boolean, false, "take revocable resources too"),
  "mesos.role": row(text, "*", "role that resources are offered to; several with commas between them"),
  "mesos.secret": row(secret, nothing, "secret of mesos.principal; better in mesos.secretFile"),
  "mesos.secretFile": row(file, nothing, "file with the secret of mesos.principal"),
  "mesos.tls.authority": row(file, nothing, "PEM file with the certificates that masters' are checked against"),
  "mesos.tls.certificate": row(file, nothing, "PEM file with the certificate that the driver shows to masters"),
  "mesos.tls.enabled": row(boolean, false, "speak with masters over TLS"),
  "mesos.tls.key": row(file, nothing, "PEM file with the private key of mesos.tls.certificate"),
  "mesos.uris": row(optionalText, nothing, "what agents fetch into an executor's directory, with commas between"),
  "mesos.user": row(
    optionalText,
    { words: "the user who runs the driver", of: () => "" },
    "user whom executors run as on agents",
  ),
  "mesos.volumes": row(
    optionalText,
    nothing,
    'directories of agents in the container: "/data:/data:ro,/tmp/x:/scratch:rw"',
  ),
} as const satisfies Readonly<Record<string, ConfigurationDescription<unknown>>>;

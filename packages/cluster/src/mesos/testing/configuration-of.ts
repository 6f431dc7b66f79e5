import { Configuration } from "@gloam/common";

/** A configuration of a machine with 16 GiB, with these settings. */
export function configurationOf(settings: Readonly<Record<string, unknown>> = {}): Configuration {
  const machine = { memory: 2 ** 34, temporaryDirectory: "/tmp" };
  return Configuration.resolve({ options: { master: "mesos://a:5050", ...settings } }, machine);
}

import { GloamError } from "@gloam/common";
import * as v from "valibot";
import { count, host, milliseconds, name, port, text } from "./shapes.ts";

const positive = v.pipe(v.number(), v.finite(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const launchSettings = v.object({
  /** The executor's id. */
  executor: name,
  /** The application's secret, base64. */
  secret: v.pipe(v.string(), v.base64(), v.maxLength(128)),
  /** Where the driver listens. */
  driver: v.object({ host, port }),
  /** The PEM certificates that the driver's is checked against, where connections are over TLS; empty for any. */
  tls: v.optional(v.object({ ca: v.optional(text), cert: text, key: text })),
  /** Address that others reach this executor at, and that it listens at. */
  host,
  /** Port that it serves blocks at; left out, one that is free. */
  blockPort: v.optional(port),
  slots: v.pipe(count, v.minValue(1), v.maxValue(1024)),
  /** Whether it takes tasks; one that does not keeps blocks of others. Left out, it does. */
  takesTasks: v.optional(v.boolean()),
  tasksPerWorker: v.pipe(count, v.minValue(1), v.maxValue(64)),
  memoryBytes: positive,
  memoryFraction: share,
  storageFraction: share,
  /** Directory for this executor's temporary files, made with the first of them. Whoever starts it removes what is left when it was killed. */
  scratchPath: text,
  freeze: v.boolean(),
  sourceMaps: v.boolean(),
  /** URL of the module that has to be imported before the user's. */
  userModuleLoader: v.optional(text),
  /** Milliseconds between two heartbeats. */
  heartbeatInterval: positive,
  /** Milliseconds without a word from the driver after which the executor ends itself. */
  driverLostTimeout: positive,
  /** Milliseconds in which the executor has to end when it is told to go. */
  decommissionTimeout: milliseconds,
});

/** What an executor process has to know before it can speak to its driver. It gets that from whoever starts it, out of band. */
export type LaunchSettings = v.InferOutput<typeof launchSettings>;

/** One line of text: for a pipe, or wherever else a secret may lie. */
export function encodeLaunchSettings(settings: LaunchSettings): string {
  return `${JSON.stringify(settings)}\n`;
}

/** @throws GloamError `GLOAM_ARGUMENT_INVALID` for a line that is none. Its message has nothing of the line, which holds a secret. */
export function decodeLaunchSettings(line: string): LaunchSettings {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    parsed = undefined;
  }
  const result = v.safeParse(launchSettings, parsed, { abortEarly: true });
  if (result.success) return result.output;
  const at = result.issues[0].path?.map(({ key }) => String(key)).join(".") ?? "the whole";
  throw new GloamError("GLOAM_ARGUMENT_INVALID", `an executor was started with settings that are not valid at ${at}`);
}

import { nearestName } from "@gloam/common";
import { invalid, splitOnce, splitOption, takeValue } from "../option-words.ts";
import type { MesosOptions } from "./start-mesos.ts";

/** What `gloam mesos` is asked for. */
export type MesosCommand =
  | { readonly kind: "mesos-help" }
  | { readonly kind: "mesos-install" }
  | { readonly kind: "mesos-up"; readonly options: MesosOptions };

const seeHelp = "see gloam mesos --help";

/** Mesos's own port for masters. */
const usualPort = 5050;

/** An option of `gloam mesos up`, with what the help says. */
interface MesosOption {
  /** What stands for the value. */
  readonly form: string;
  readonly meaning: string;
  /** The options with this value added. */
  read(options: MesosOptions, value: string): MesosOptions;
}

/** Options of `gloam mesos up`. */
export const mesosOptions: Readonly<Record<string, MesosOption>> = {
  "--agents": {
    form: "N",
    meaning: "how many agents; 1",
    read: (options, value) => ({ ...options, agents: readNumber("--agents", value, 1, 100) }),
  },
  "--port": {
    form: "PORT",
    meaning: `of the master; ${usualPort}, and 0 is any free one`,
    read: (options, value) => ({ ...options, port: readNumber("--port", value, 0, 65_535) }),
  },
  "--work-dir": {
    form: "DIRECTORY",
    meaning: "where state and sandboxes are kept; one that was used before is a restart",
    read: (options, value) => ({ ...options, workDirectory: value }),
  },
  "--resources": {
    form: "TEXT",
    meaning: "of each agent: 'cpus:4;mem:8192;disk:16384'",
    read: (options, value) => ({ ...options, resources: value }),
  },
  "--attributes": {
    form: "TEXT",
    meaning: "of an agent: 'rack:a;zone:1'; repeated, of the next agents",
    read: (options, value) => ({ ...options, attributes: [...(options.attributes ?? []), value] }),
  },
  "--hostname": {
    form: "NAME",
    meaning: "of an agent; repeated, of the next agents",
    read: (options, value) => ({ ...options, hostnames: [...(options.hostnames ?? []), value] }),
  },
  "--credentials": {
    form: "FILE",
    meaning: "principals and secrets, in Mesos's JSON; frameworks must then authenticate",
    read: (options, value) => ({ ...options, credentials: value }),
  },
  "--set": {
    form: "FLAG=VALUE",
    meaning: "any flag of mesos-master and mesos-agent; repeatable",
    read(options, value) {
      const [flag, text] = splitOnce(value);
      if (flag === "" || text === undefined) throw invalid(`'${value}' sets no flag`, "write --set flag=value");
      return { ...options, flags: { ...options.flags, [flag.replace(/^--/, "")]: text } };
    },
  },
};

/**
 * Reads what stands behind `gloam mesos`.
 *
 * @throws GloamError `GLOAM_ARGUMENT_INVALID` for what it does not understand.
 */
export function parseMesosArguments(parameters: readonly string[]): MesosCommand {
  const [action, ...left] = parameters;
  if (action === undefined || isHelp(action)) return { kind: "mesos-help" };
  if (action !== "up" && action !== "install") {
    const near = nearestName(action, ["up", "install"]);
    const hint = near === undefined ? seeHelp : `did you mean 'gloam mesos ${near}'?`;
    throw invalid(`there is no command 'mesos ${action}'`, hint);
  }
  let options: MesosOptions = { port: usualPort };
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (isHelp(word)) return { kind: "mesos-help" };
    const [name, inline] = splitOption(word);
    const option = action === "up" && Object.hasOwn(mesosOptions, name) ? mesosOptions[name] : undefined;
    if (option === undefined) throw unknownOption(action, name);
    options = option.read(options, takeValue(name, inline, left, option.form));
  }
  return action === "up" ? { kind: "mesos-up", options } : { kind: "mesos-install" };
}

function isHelp(word: string): boolean {
  return word === "help" || word === "--help" || word === "-h";
}

function unknownOption(action: "up" | "install", name: string): Error {
  const near = action === "up" ? nearestName(name, Object.keys(mesosOptions)) : undefined;
  const hint = near === undefined ? seeHelp : `did you mean '${near}'?`;
  return invalid(`gloam mesos ${action} has no option '${name}'`, hint);
}

function readNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw invalid(`${option} takes a whole number from ${least} to ${most}, not '${text}'`, seeHelp);
  }
  return number;
}

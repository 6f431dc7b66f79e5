import { nearestName, type ConfigurationKey } from "@gloam/common";
import { parseMesosArguments, type MesosCommand } from "./mesos/mesos-arguments.ts";
import { invalid, splitOnce, splitOption, takeValue } from "./option-words.ts";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | MesosCommand
  | {
      readonly kind: "run";
      /** As it was written. */
      readonly script: string;
      /** What the script finds behind its own name in `process.argv`. */
      readonly scriptArguments: readonly string[];
      /** Configuration keys with their text. */
      readonly settings: Readonly<Record<string, string>>;
    };

/** Options that stand for a configuration key, with what the help says. */
export const options: Readonly<Record<string, { key: ConfigurationKey; value: string; meaning: string }>> = {
  "--master": {
    key: "master",
    value: "MASTER",
    meaning: "where to run: local[4], local[*], local-cluster[2,4,1024], mesos://host:5050",
  },
  "--name": { key: "app.name", value: "NAME", meaning: "name of the application" },
  "--executor-memory": { key: "executor.memory", value: "SIZE", meaning: "memory of an executor: 512m, 4g" },
};

/**
 * Reads the command line (without Node and the command itself). Options of gloam may stand before and after the script, up
 * to `--`; everything else behind the script is the script's own.
 *
 * @throws GloamError `GLOAM_ARGUMENT_INVALID` for what it does not understand.
 */
export function parseArguments(parameters: readonly string[]): Command {
  const [command, ...rest] = parameters;
  if (command === undefined || command === "help" || command === "--help" || command === "-h") return { kind: "help" };
  if (command === "--version" || command === "-v") return { kind: "version" };
  if (command === "mesos") return parseMesosArguments(rest);
  if (command !== "run") {
    const near = /\.[cm]?[jt]sx?$/.test(command) ? `run ${command}` : nearestName(command, ["run", "mesos", "help"]);
    throw invalid(`there is no command '${command}'`, near === undefined ? undefined : `did you mean 'gloam ${near}'?`);
  }
  return parseRun(rest);
}

function parseRun(parameters: readonly string[]): Command {
  const settings: Record<string, string> = {};
  const scriptArguments: string[] = [];
  let script: string | undefined;
  const left = [...parameters];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === "--") {
      script ??= left.shift();
      scriptArguments.push(...left);
      break;
    }
    const [name, inline] = splitOption(word);
    if (script === undefined && (name === "--help" || name === "-h")) return { kind: "help" };
    if (name === "--conf") {
      const setting = takeValue(name, inline, left, "KEY=VALUE");
      const [key, value] = splitOnce(setting);
      if (key === "" || value === undefined) throw invalid(`'${setting}' is no setting`, "write --conf key=value");
      settings[key] = value;
    } else if (Object.hasOwn(options, name)) {
      const { key, value } = options[name]!;
      settings[key] = takeValue(name, inline, left, value);
    } else if (script !== undefined) {
      scriptArguments.push(word);
    } else if (word.startsWith("-") && word !== "-") {
      throw invalid(`there is no option '${name}'`, suggestOption(name));
    } else {
      script = word;
    }
  }
  if (script === undefined) throw invalid("there is no script to run", "write gloam run script.ts");
  return { kind: "run", script, scriptArguments, settings };
}

function suggestOption(name: string): string | undefined {
  const nearest = nearestName(name, [...Object.keys(options), "--conf", "--help", "--version"]);
  return nearest === undefined ? undefined : `did you mean '${nearest}'?`;
}

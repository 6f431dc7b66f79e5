import { isDerived, type ConfigurationDescription, type Machine } from "./configuration-row.ts";
import { configurationTable, type ConfigurationKey, type ConfigurationValue } from "./configuration-table.ts";
import { secret } from "./configuration-type.ts";
import { GloamError } from "./gloam-error.ts";
import { nearestName } from "./nearest-name.ts";

/** Keys with values as users write them: parsed ones or text such as `"1g"`. */
export type ConfigurationSettings = {
  readonly [Key in ConfigurationKey]?: ConfigurationValue<Key> | string | undefined;
};

/** Where values come from, highest first. All is passed in; `loadConfiguration` gathers it. */
export interface ConfigurationSources {
  /** Constructor options. Keys with the value undefined count as absent, here and below. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Options of the `gloam` command. */
  readonly commandLine?: Readonly<Record<string, unknown>> | undefined;
  /** `GLOAM_MASTER` and `GLOAM_CONF_<KEY>`; other variables are ignored. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** The configuration file's name and text: a JSON object with dotted keys. */
  readonly file?: { readonly name: string; readonly contents: string } | undefined;
}

/** Where a key's value came from, as messages name it. */
export type ConfigurationOrigin = string;

const keys = Object.keys(configurationTable) as ConfigurationKey[];
const describe = (key: ConfigurationKey): ConfigurationDescription<unknown> => configurationTable[key];

/** Checked values for every key of the table. Immutable. */
export class Configuration {
  readonly #values: ReadonlyMap<ConfigurationKey, unknown>;
  readonly #origins: ReadonlyMap<ConfigurationKey, ConfigurationOrigin>;

  private constructor(
    values: ReadonlyMap<ConfigurationKey, unknown>,
    origins: ReadonlyMap<ConfigurationKey, ConfigurationOrigin>,
  ) {
    this.#values = values;
    this.#origins = origins;
  }

  /**
   * Puts the sources together: constructor option over command line over environment over file over default.
   *
   * @throws GloamError `GLOAM_CONF_UNKNOWN` for a key that is not in the table, naming the nearest; `GLOAM_CONF_INVALID`
   * for a value that its key does not take. Both name the source.
   */
  static resolve(sources: ConfigurationSources, machine: Machine): Configuration {
    const values = new Map<ConfigurationKey, unknown>();
    const origins = new Map<ConfigurationKey, ConfigurationOrigin>();
    for (const { origin, entries } of layers(sources)) {
      for (const [written, key, raw] of entries) {
        const value = parse(key, raw, written, origin);
        if (values.has(key)) continue;
        values.set(key, value);
        origins.set(key, origin);
      }
    }
    const master = String(values.get("master") ?? describe("master").default);
    for (const key of keys) {
      if (values.has(key)) continue;
      const byDefault = describe(key).default;
      values.set(key, isDerived(byDefault) ? byDefault.of(machine, master) : byDefault);
    }
    return new Configuration(values, origins);
  }

  /**
   * The parsed value: bytes and durations as numbers of bytes and milliseconds.
   *
   * @example configuration.get("executor.memory") // 1073741824 for "1g"
   */
  get<Key extends ConfigurationKey>(key: Key): ConfigurationValue<Key> {
    return this.#values.get(key) as ConfigurationValue<Key>;
  }

  /** Where the value came from, such as `gloam.config.json`; undefined for a default. */
  origin(key: ConfigurationKey): ConfigurationOrigin | undefined {
    return this.#origins.get(key);
  }

  /** Every key with its value as a user would write it, but for secrets, which are not shown. */
  toString(): string {
    return keys.map((key) => `${key}=${describe(key).type.format(this.#values.get(key))}`).join("\n");
  }
}

type Entry = readonly [written: string, key: ConfigurationKey, raw: unknown];

function* layers(sources: ConfigurationSources): Iterable<{ origin: ConfigurationOrigin; entries: readonly Entry[] }> {
  yield settings("the options of the context", sources.options ?? {});
  yield settings("the command line", sources.commandLine ?? {});
  yield { origin: "the environment", entries: environmentEntries(sources.environment ?? {}) };
  if (sources.file !== undefined) yield settings(sources.file.name, readFile(sources.file));
}

function settings(origin: ConfigurationOrigin, given: Readonly<Record<string, unknown>>) {
  const entries: Entry[] = [];
  for (const [written, raw] of Object.entries(given)) {
    if (raw === undefined) continue;
    entries.push([
      written,
      Object.hasOwn(configurationTable, written) ? (written as ConfigurationKey) : unknown(written, origin),
      raw,
    ]);
  }
  return { origin, entries };
}

const environmentPrefix = "GLOAM_CONF_";

/** Variable names cannot have dots, and shells of some systems fold their case: `GLOAM_CONF_TASK_MAXFAILURES`. */
const keysByVariable = new Map(keys.map((key) => [key.replaceAll(".", "_").toLowerCase(), key]));

function environmentEntries(environment: Readonly<Record<string, string | undefined>>): Entry[] {
  const entries: Entry[] = [];
  for (const [variable, raw] of Object.entries(environment)) {
    if (raw === undefined || raw === "" || !variable.startsWith(environmentPrefix)) continue;
    const name = variable.slice(environmentPrefix.length).toLowerCase();
    entries.push([
      variable,
      keysByVariable.get(name) ?? unknown(name.replaceAll("_", "."), "the environment", variable),
      raw,
    ]);
  }
  const master = environment["GLOAM_MASTER"];
  if (master !== undefined && master !== "") entries.unshift(["GLOAM_MASTER", "master", master]);
  return entries;
}

function readFile(file: { readonly name: string; readonly contents: string }): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(file.contents);
  } catch (cause) {
    throw new GloamError("GLOAM_CONF_INVALID", `${file.name} is not JSON`, { cause, hint: "mend the file" });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    const hint = 'write an object with dotted keys: { "executor.memory": "2g" }';
    throw new GloamError("GLOAM_CONF_INVALID", `${file.name} does not hold a JSON object`, { hint });
  }
  return parsed as Readonly<Record<string, unknown>>;
}

function parse(key: ConfigurationKey, raw: unknown, written: string, origin: ConfigurationOrigin): unknown {
  const { type } = describe(key);
  const value = type.parse(raw);
  if (value !== undefined) return value;
  const shown = type === secret ? "what is given" : shownOf(raw);
  throw new GloamError("GLOAM_CONF_INVALID", `${shown} is no value for '${written}' (from ${origin})`, {
    hint: `give ${type.expects}`,
  });
}

function shownOf(raw: unknown): string {
  return typeof raw === "string" ? `'${raw}'` : (JSON.stringify(raw, null, 0) ?? String(raw));
}

function unknown(key: string, origin: ConfigurationOrigin, written: string = key): never {
  const nearest = nearestName(key, keys);
  throw new GloamError("GLOAM_CONF_UNKNOWN", `there is no configuration key '${written}' (from ${origin})`, {
    hint: nearest === undefined ? "see the configuration reference for the keys" : `did you mean '${nearest}'?`,
  });
}

/** How the values of a configuration key are written, checked and shown. */
export interface ConfigurationType<T> {
  /** Name for the reference page: `bytes`, `duration`. */
  readonly name: string;
  /** Unit of the parsed value, where it has one. */
  readonly unit: string | undefined;
  /** What may be written, in words that end a sentence: "give ...". */
  readonly expects: string;
  /** The value; undefined when `raw` is not one of this type. Text comes from files, environment and command line. */
  parse(raw: unknown): T | undefined;
  /** The value as a user would write it. */
  format(value: T): string;
}

/** Any text that is not empty. */
export const text: ConfigurationType<string> = {
  name: "text",
  unit: undefined,
  expects: "text that is not empty",
  parse: (raw) => (typeof raw === "string" && raw.trim() !== "" ? raw : undefined),
  format: (value) => value,
};

/** Any text; empty where there is none. */
export const optionalText: ConfigurationType<string> = {
  name: "text",
  unit: undefined,
  expects: "text, or nothing for none",
  parse: (raw) => (typeof raw === "string" ? raw.trim() : undefined),
  format: (value) => value,
};

/** Text that is not shown; empty where there is none. */
export const secret: ConfigurationType<string> = {
  name: "secret",
  unit: undefined,
  expects: "text, or nothing for none",
  parse: (raw) => (typeof raw === "string" || typeof raw === "number" ? String(raw).trim() : undefined),
  format: (value) => (value === "" ? "" : "(not shown)"),
};

/** The name of a file; empty where there is none. */
export const file: ConfigurationType<string> = {
  name: "file",
  unit: undefined,
  expects: "the name of a file, or nothing for none",
  parse: (raw) => (typeof raw === "string" ? raw.trim() : undefined),
  format: (value) => value,
};

/** `true` or `false`. */
export const boolean: ConfigurationType<boolean> = {
  name: "boolean",
  unit: undefined,
  expects: "true or false",
  parse(raw) {
    if (typeof raw === "boolean") return raw;
    const word = typeof raw === "string" ? raw.trim().toLowerCase() : undefined;
    return word === "true" ? true : word === "false" ? false : undefined;
  },
  format: String,
};

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): ConfigurationType<number> {
  return {
    name: "integer",
    unit: undefined,
    expects:
      most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`,
    parse(raw) {
      const value = plainNumber(raw);
      return value !== undefined && Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined;
    },
    format: String,
  };
}

/** The number of a TCP port, or 0. */
export const port: ConfigurationType<number> = integer(0, 65_535);

/** A number from `least` to `most`, both included. */
export function number(least: number, most: number): ConfigurationType<number> {
  return {
    name: "number",
    unit: undefined,
    expects: most === Infinity ? `a number from ${least}` : `a number from ${least} to ${most}`,
    parse(raw) {
      const value = plainNumber(raw);
      return value !== undefined && value >= least && value <= most ? value : undefined;
    },
    format: String,
  };
}

/** One of a few words; upper and lower case are the same. */
export function oneOf<const Word extends string>(...words: readonly Word[]): ConfigurationType<Word> {
  return {
    name: words.join(" | "),
    unit: undefined,
    expects: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    parse(raw) {
      const written = String(raw).trim().toLowerCase();
      return words.find((word) => word.toLowerCase() === written);
    },
    format: (value) => value,
  };
}

const byteUnits: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** An amount of memory or data from `least` bytes, with binary units as in Spark: `512m` is 512 x 1024 x 1024. */
export function bytes(least = 0): ConfigurationType<number> {
  return {
    name: "bytes",
    unit: "bytes",
    expects:
      'an amount such as "512m", "1.5g" or a number of bytes' +
      (least > 0 ? `, at least ${formatWithUnits(least, byteUnits)}` : ""),
    parse(raw) {
      const value = withUnit(raw, /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b)?$/i, byteUnits);
      return value !== undefined && Math.round(value) >= least ? Math.round(value) : undefined;
    },
    format: (value) => formatWithUnits(value, byteUnits),
  };
}

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A length of time in milliseconds: `500ms`, `3s`, `5min`, `2h`, `1d`; a plain number counts milliseconds. */
export const duration: ConfigurationType<number> = {
  name: "duration",
  unit: "milliseconds",
  expects: 'a duration such as "500ms", "3s", "5min" or a number of milliseconds',
  parse: (raw) => withUnit(raw, /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)?$/i, durationUnits),
  format: (value) => formatWithUnits(value, durationUnits),
};

function plainNumber(raw: unknown): number | undefined {
  if (typeof raw === "number") return Number.isFinite(raw) ? raw : undefined;
  if (typeof raw !== "string" || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(raw.trim())) return undefined;
  const value = Number(raw);
  return Number.isFinite(value) ? value : undefined;
}

function withUnit(raw: unknown, form: RegExp, units: Readonly<Record<string, number>>): number | undefined {
  if (typeof raw === "number") return raw >= 0 && raw <= Number.MAX_SAFE_INTEGER ? raw : undefined;
  const match = typeof raw === "string" ? form.exec(raw.trim()) : null;
  if (match === null) return undefined;
  const unit = match[2] === undefined ? 1 : units[match[2].toLowerCase()];
  const value = Number(match[1]) * (unit ?? Number.NaN);
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

function formatWithUnits(value: number, units: Readonly<Record<string, number>>): string {
  const [name, size] = Object.entries(units).findLast(([, unit]) => value >= unit && value % unit === 0) ?? ["", 1];
  return name === "b" ? String(value) : `${value / size}${name}`;
}

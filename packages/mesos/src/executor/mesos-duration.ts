const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  secs: 1000,
  mins: 60_000,
  hrs: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

/**
 * Reads a duration as Mesos writes them.
 *
 * @returns milliseconds; undefined where it is none.
 * @example
 * parseMesosDuration("15mins"); // 900000
 */
export function parseMesosDuration(text: string): number | undefined {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const scale = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return scale === undefined ? undefined : Number(count) * scale;
}

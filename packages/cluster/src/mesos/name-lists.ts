import { GloamError, type ConfigurationKey } from "@gloam/common";

/**
 * Reads names and values of a configuration key, with commas between the pairs and `separator` between name and value.
 * @throws GloamError `GLOAM_CONF_INVALID` for a pair without a separator. It does not say the value, which may be a secret.
 */
export function namedValues(key: ConfigurationKey, written: string, separator: "=" | ":"): readonly [string, string][] {
  return items(written).map((pair) => {
    const at = pair.indexOf(separator);
    if (at < 1) {
      throw new GloamError("GLOAM_CONF_INVALID", `${key} has a part without '${separator}'`, {
        hint: `write name${separator}value, with commas between`,
      });
    }
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}

/** What stands between commas. */
export function items(written: string): readonly string[] {
  return written
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

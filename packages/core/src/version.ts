import { readFileSync } from "node:fs";

let version: string | undefined;

/** The version of this package; `unknown` where a bundle has left its manifest behind. Read when first asked for. */
export function gloamVersion(): string {
  return (version ??= readVersion());
}

function readVersion(): string {
  try {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      readonly name?: string;
      readonly version?: string;
    };
    return (manifest.name === "@gloam/core" ? manifest.version : undefined) ?? "unknown";
  } catch {
    return "unknown";
  }
}

import { sourceMapUrl } from "@gloam/common";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * A text that names a source map, as what tsc or a bundler has written does, with that map in it, so that both can lie anywhere: its
 * sources are URLs. Undefined for a text without one that can be read.
 *
 * @param path Where the text lies.
 */
export function withOwnSourceMap(text: string, path: string): string | undefined {
  const named = sourceMapUrl(text);
  if (named === "") return undefined;
  const base = pathToFileURL(path).href;
  const isData = named.startsWith("data:");
  try {
    const url = isData ? base : new URL(named, base).href;
    const json = isData ? decodeDataUrl(named) : readFileSync(fileURLToPath(url), "utf8");
    const map = JSON.parse(json) as { readonly sourceRoot?: string; readonly sources: readonly string[] };
    const root = map.sourceRoot ? new URL(`${map.sourceRoot.replace(/\/$/, "")}/`, url).href : url;
    const sources = map.sources.map((source) => new URL(source, root).href);
    const moved = JSON.stringify({ ...map, sourceRoot: undefined, sourcesContent: undefined, sources });
    const code = text.slice(0, text.lastIndexOf("//# sourceMappingURL="));
    return `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(moved).toString("base64")}`;
  } catch {
    // Without a readable map positions are those of the text, as they are in the driver.
    return undefined;
  }
}

function decodeDataUrl(url: string): string {
  const comma = url.indexOf(",");
  const data = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(";base64")
    ? Buffer.from(data, "base64").toString("utf8")
    : decodeURIComponent(data);
}

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { malformed } from "./byte-reader.ts";
import { dynamicImport, valueInModule } from "./import-modules.ts";
import { intrinsics, type IntrinsicName } from "./intrinsics.ts";
import type { LinkContext } from "./link-graphs.ts";
import { moduleKey } from "./module-key.ts";
import type { NodeContent, ValueGraph } from "./value-graph.ts";

/** The value of a node that refers to what the executor has; undefined for any other. */
export function makeReference(content: NodeContent, graph: ValueGraph, context: LinkContext): unknown {
  switch (content.kind) {
    case "module": {
      const reference = graph.modules[content.module];
      if (reference === undefined) throw malformed("a module is missing");
      return valueInModule(context.modules.get(moduleKey(reference)), reference, content.path);
    }
    case "global":
      return globalAt(content.path);
    case "importMeta":
      return importMeta(content.url);
    case "dynamicImport":
      return dynamicImport(content.base, content.root, context.importModule);
    case "require":
      return context.requireFrom(content.base);
    case "intrinsic":
      // The others come with the function's code, see `compileFunction`.
      return (intrinsics as Partial<Record<IntrinsicName, unknown>>)[content.name];
    default:
      return undefined;
  }
}

function globalAt(path: readonly string[]): unknown {
  let value: unknown = globalThis;
  for (const name of path) {
    if (value === null || value === undefined) throw malformed(`this Node.js has no ${path.join(".")}`);
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function importMeta(url: string): object {
  const isFile = url.startsWith("file:");
  const filename = isFile ? fileURLToPath(url) : undefined;
  return {
    url,
    ...(filename !== undefined && { filename, dirname: dirname(filename) }),
    resolve: (specifier: string) =>
      /^\.{0,2}\//.test(specifier) ? new URL(specifier, url).href : import.meta.resolve(specifier),
  };
}

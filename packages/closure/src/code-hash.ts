import { createHash } from "node:crypto";
import { BoundedCache } from "./bounded-cache.ts";
import { NodeReference, type Slot, type ValueGraph } from "./value-graph.ts";

const hashes = new BoundedCache<string>();

/** A hash that is as short as it may be and still never meets another. */
export function digest(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/**
 * Digest of all code in a graph and of how it hangs together: for each function its code and, for each capture, which function,
 * module value or global it is, or just that it is data.
 *
 * @param nested Hashes of what is encoded inside the graph.
 */
export function graphCodeHash({ codes, modules, nodes, root }: ValueGraph, nested: readonly string[]): string {
  const describe = (slot: Slot): string => {
    if (!(slot instanceof NodeReference)) return "value";
    const { content } = nodes[slot.index] as ValueGraph["nodes"][number];
    switch (content.kind) {
      case "function":
        return `function ${slot.index}`;
      case "module": {
        const module = modules[content.module];
        return `module ${module?.specifier} ${module?.base} ${content.path.join(".")}`;
      }
      case "intrinsic":
        return `intrinsic ${content.name}`;
      case "global":
        return `global ${content.path.join(".")}`;
      default:
        return content.kind === "bound" ? `bound ${describe(content.target)}` : "value";
    }
  };
  const functions = nodes.flatMap(({ content }) =>
    content.kind === "function" ? [[content.code, ...content.captures.map(describe)]] : [],
  );
  const description = JSON.stringify([codes, functions, describe(root), nested]);
  return hashes.get(description) ?? hashes.set(description, digest(description));
}

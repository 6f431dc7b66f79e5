import { GloamError, isGloamError } from "@gloam/common";
import { createRequire } from "node:module";
import type { BlobResolver } from "./blobs.ts";
import type { CapturedFunction } from "./captured-function.ts";
import { decodeGraph } from "./decode-graph.ts";
import { importFromBase, type ImportModule } from "./import-modules.ts";
import { linkGraphs, type LinkedGraphs } from "./link-graphs.ts";
import { moduleKey } from "./module-key.ts";
import type { ModuleReference, ValueGraph } from "./value-graph.ts";

/** Makes the functions of a list, as often as wanted. */
export interface FunctionFactory {
  /**
   * Makes the functions, in the order of the captured list. Captured values are fresh copies every time, for a task of their own; an
   * object that two functions of the list captured is one object. Where nothing that was captured can change, the functions are the
   * same ones every time. Functions made of the same code always share their compiled code.
   */
  instantiate(): readonly RebuiltFunction[];
}

/** A rebuilt function. */
export type RebuiltFunction = (...parameters: unknown[]) => unknown;

/** How functions get what they don't carry along. */
export interface LoadOptions {
  /** Imports a module that a function refers to. Default: Node.js's loader, as from the user's file. */
  readonly importModule?: ImportModule | undefined;
  /** What `require` is in a function of the CommonJS file at a URL. Default: that of the file. */
  readonly requireFrom?: ((base: string) => NodeJS.Require) | undefined;
  /** Bytes of a blob that a transport stripped. Default: the function's own `blobs`. */
  readonly resolveBlob?: BlobResolver | undefined;
  /**
   * Whether functions serve one task after the other: once `instantiate` was called, of this list or of another one in this thread, who
   * called it before calls its functions no more. Those that nobody else can call (`enclosedFunctions`) are then the
   * next task's as well, with its captured values, so that V8 need not compile anew what calls them; `releaseCaptured` ends a task.
   */
  readonly inTurns?: boolean | undefined;
}

const decoded = new WeakMap<Uint8Array, ValueGraph>();

/**
 * Rebuilds captured functions: imports the modules that they refer to, and compiles each code once per thread.
 *
 * @throws `GLOAM_MODULE_NOT_LOADED` when a module cannot be imported, or lacks an export there.
 * @throws `GLOAM_INTERNAL` when the bytes are damaged.
 */
export async function loadFunctions(
  captured: readonly CapturedFunction[],
  options: LoadOptions = {},
): Promise<FunctionFactory> {
  const { importModule = importFromBase, requireFrom = createRequire, inTurns = false } = options;
  const graphs = decodeAll(captured, options);
  const inline = new Map(captured.flatMap((one) => (one.blobs ?? []).map(({ hash, bytes }) => [hash, bytes] as const)));
  const resolve: BlobResolver = (hash) => options.resolveBlob?.(hash) ?? inline.get(hash);
  const decodeNested = (bytes: Uint8Array) => decodeOnce(bytes, resolve);
  const modules = await importAll(withNested(graphs, decodeNested), importModule);
  const keys = captured.map(({ codeHash }) => codeHash);
  const linked: LinkedGraphs = linkGraphs(graphs, keys, { modules, importModule, requireFrom, decodeNested, inTurns });
  return { instantiate: () => linked.instantiate() as readonly RebuiltFunction[] };
}

/** Decodes functions; one that was captured many times, as in a long chain of the same operation, is decoded once. */
function decodeAll(captured: readonly CapturedFunction[], options: LoadOptions): ValueGraph[] {
  const latest = new Map<string, { readonly bytes: Uint8Array; readonly graph: ValueGraph }>();
  return captured.map((one) => {
    const known = latest.get(one.codeHash);
    if (known !== undefined && Buffer.compare(known.bytes, one.bytes) === 0) return known.graph;
    const graph = decodeOnce(one.bytes, blobResolver(one, options));
    latest.set(one.codeHash, { bytes: one.bytes, graph });
    return graph;
  });
}

function blobResolver(one: CapturedFunction, { resolveBlob }: LoadOptions): BlobResolver {
  return (hash) => resolveBlob?.(hash) ?? one.blobs?.find((blob) => blob.hash === hash)?.bytes;
}

function decodeOnce(bytes: Uint8Array, resolve: BlobResolver): ValueGraph {
  let graph = decoded.get(bytes);
  if (graph === undefined) decoded.set(bytes, (graph = decodeGraph(bytes, resolve)));
  return graph;
}

/** Graphs, and those that are encoded inside them. */
function withNested(graphs: readonly ValueGraph[], decodeNested: (bytes: Uint8Array) => ValueGraph): Set<ValueGraph> {
  const all = new Set(graphs);
  // A Set visits what is added while it is walked.
  for (const graph of all) {
    for (const { content } of graph.nodes) {
      if (content.kind === "transfer" || content.kind === "nested") all.add(decodeNested(content.graph));
    }
  }
  return all;
}

async function importAll(graphs: Iterable<ValueGraph>, importModule: ImportModule): Promise<Map<string, unknown>> {
  const wanted = new Map<string, ModuleReference>();
  for (const { modules } of graphs) for (const module of modules) wanted.set(moduleKey(module), module);
  const entries = Array.from(wanted, async ([key, { specifier, base }]) => {
    try {
      return [key, await importModule(specifier, base)] as const;
    } catch (cause) {
      if (isGloamError(cause)) throw cause;
      const message = `cannot import ${specifier}: ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new GloamError("GLOAM_MODULE_NOT_LOADED", message, { cause });
    }
  });
  return new Map(await Promise.all(entries));
}

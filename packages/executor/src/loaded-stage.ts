import type { CapturedFunction, FunctionFactory, TextUse } from "@gloam/closure";
import { GloamError } from "@gloam/common";
import {
  addedFileNames,
  addedFileUrl,
  type Kernel,
  type KernelDescription,
  type SinkKernel,
  type StageDescription,
  type StageInput,
  type StorageLevel,
} from "@gloam/plan";
import { fileURLToPath } from "node:url";

/** A node of a stage, ready to run: its kernel imported, its functions compiled. */
export interface LoadedNode {
  /** The node's identity on the driver. */
  readonly id: number;
  readonly kernel: Kernel;
  /** How its partitions are kept; undefined where they are not. */
  readonly level: StorageLevel | undefined;
  readonly inputs: readonly StageInput[];
  readonly data: unknown;
  /** Where the node's functions begin among the stage's. */
  readonly firstFunction: number;
  /** Number of functions. */
  readonly functions: number;
  /** Hashes of the functions' code, joined. */
  readonly functionHashes: string;
  /** What the functions do with texts. */
  readonly textUses: readonly (TextUse | undefined)[];
}

/** What loading a stage needs from outside. */
export interface StageLoader {
  importModule(specifier: string): Promise<unknown>;
  loadFunctions(captured: readonly CapturedFunction[]): Promise<FunctionFactory>;
  /** Where modules and added files lie, by their URLs. */
  readonly files?: ReadonlyMap<string, string> | undefined;
}

/** What a stage has beside its code. */
export interface StageSurroundings {
  /** Local properties of whoever asked for the job. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** Where added files lie, by their URLs. */
  readonly files?: ReadonlyMap<string, string> | undefined;
  /** See `LoadedStage.keepsToElements`. */
  readonly keepsToElements?: boolean | undefined;
}

/** A stage's kernels and functions in this worker, shared by all its tasks. */
export class LoadedStage {
  readonly nodes: readonly LoadedNode[];
  readonly sink: Omit<LoadedNode, "kernel" | "inputs"> & { readonly kernel: SinkKernel };
  /** Whether the sink writes a shuffle's map output; otherwise it gives an action's result. */
  readonly isShuffleMap: boolean;
  /** Whether none of its functions asks a typed array for its buffer. */
  readonly keepsToElements: boolean;
  readonly #surroundings: StageSurroundings;
  readonly #factory: FunctionFactory;

  constructor(
    nodes: readonly LoadedNode[],
    sink: LoadedStage["sink"],
    isShuffleMap: boolean,
    factory: FunctionFactory,
    surroundings: StageSurroundings = {},
  ) {
    this.nodes = nodes;
    this.sink = sink;
    this.isShuffleMap = isShuffleMap;
    this.keepsToElements = surroundings.keepsToElements ?? false;
    this.#surroundings = surroundings;
    this.#factory = factory;
  }

  /** A local property of whoever asked for the job. */
  localProperty(name: string): string | undefined {
    const { properties = {} } = this.#surroundings;
    return Object.hasOwn(properties, name) ? properties[name] : undefined;
  }

  /** Path of an added file. @throws GloamError `GLOAM_INPUT_NOT_FOUND` */
  addedFile(name: string): string {
    const { files = new Map<string, string>() } = this.#surroundings;
    const url = files.get(addedFileUrl(name));
    if (url !== undefined) return fileURLToPath(url);
    const names = addedFileNames(files.keys());
    const known = names.length === 0 ? "there is none" : `there are ${names.join(", ")}`;
    throw new GloamError("GLOAM_INPUT_NOT_FOUND", `no file '${name}' was added; ${known}`, {
      hint: "await gc.addFile(path) before the first job that needs the file",
    });
  }

  node(index: number): LoadedNode {
    const node = this.nodes[index];
    if (node === undefined) throw new GloamError("GLOAM_INTERNAL", `a stage has no node ${index}`);
    return node;
  }

  /** All functions of the stage with captured values of their own: once for every task. */
  instantiate(): readonly ((...values: never[]) => unknown)[] {
    return this.#factory.instantiate();
  }
}

/** Imports a stage's kernels and the modules of its functions. Stages come from the driver and are trusted like code. */
export async function loadStage(
  description: StageDescription,
  isShuffleMap: boolean,
  loader: StageLoader,
): Promise<LoadedStage> {
  const kernels = new Map<string, Promise<unknown>>();
  const importKernel = async ({ package: specifier, export: name }: KernelDescription): Promise<Kernel> => {
    let module = kernels.get(specifier);
    if (module === undefined) {
      module = loader.importModule(specifier);
      kernels.set(specifier, module);
    }
    const kernel = ((await module) as Record<string, unknown>)[name];
    if (typeof kernel !== "object" || kernel === null || !("kind" in kernel)) {
      throw new GloamError("GLOAM_INTERNAL", `'${specifier}' exports no kernel '${name}'`);
    }
    return kernel as Kernel;
  };
  const captured: CapturedFunction[] = [];
  const load = async (
    kernel: KernelDescription,
  ): Promise<Pick<LoadedNode, "kernel" | "data" | "firstFunction" | "functions" | "functionHashes" | "textUses">> => {
    const firstFunction = captured.length;
    captured.push(...kernel.functions);
    return {
      kernel: await importKernel(kernel),
      data: kernel.data,
      firstFunction,
      functions: kernel.functions.length,
      functionHashes: kernel.functions.map((each) => each.codeHash).join(),
      textUses: kernel.functions.map((each) => each.textUse),
    };
  };
  const nodes: LoadedNode[] = [];
  for (const { id, kernel, level, inputs } of description.nodes) {
    nodes.push({ id, level, inputs, ...(await load(kernel)) });
  }
  const { kernel, ...rest } = await load(description.sink);
  if (kernel.kind !== "sink") throw new GloamError("GLOAM_INTERNAL", "a stage ends in a kernel that is no sink");
  const sink = { id: -1, level: undefined, kernel, ...rest };
  return new LoadedStage(nodes, sink, isShuffleMap, await loader.loadFunctions(captured), {
    properties: description.properties,
    files: loader.files,
    keepsToElements: captured.every((each) => each.keepsToElements === true),
  });
}

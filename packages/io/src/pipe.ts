import { oneToOneNode, type KernelDescription, type NodeOrigin, type PlanNode, type ReaderKernel } from "@gloam/plan";
import type { PipeCommand } from "./child-command.ts";
import { PipedReader } from "./piped-reader.ts";

type Captured = KernelDescription["functions"][number];

/** The user's functions that write to a command. */
export interface PipePrinters {
  /** Writes lines before the first element: `f(print)`. */
  readonly context: Captured | undefined;
  /** Writes the lines of an element, instead of `String(element)`: `f(element, print)`. */
  readonly element: Captured | undefined;
}

/** A command as the driver knows it. */
export interface PipeDescription extends Pick<PipeCommand, "argv" | "env"> {
  /** Whether each task's command runs in a directory of its own, on the executor's disk. */
  readonly separateDirectory: boolean;
}

/** The lines that a command writes, one process for each partition, which is fed the partition's elements as lines. */
export function pipeNode(
  origin: NodeOrigin,
  parent: PlanNode,
  command: PipeDescription,
  { context, element }: PipePrinters,
): PlanNode {
  const data: PipeData = { ...command, printsContext: context !== undefined, printsElements: element !== undefined };
  const functions = [context, element].filter((f) => f !== undefined);
  return oneToOneNode(
    origin,
    parent,
    { package: "@gloam/io", export: "pipeKernel", functions, data },
    { orderSensitive: true },
  );
}

interface PipeData extends PipeDescription {
  readonly printsContext: boolean;
  readonly printsElements: boolean;
}

/** Kernel of `pipeNode`. */
export const pipeKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]) {
    const { argv, env, separateDirectory, printsContext, printsElements } = context.data as PipeData;
    const directory = separateDirectory ? context.memory.createScratchDirectory() : undefined;
    const functions = context.functions as readonly ((...values: unknown[]) => unknown)[];
    return new PipedReader(
      input!.open(),
      { argv, env, directory },
      {
        context: printsContext ? functions[0] : undefined,
        element: printsElements ? functions[printsContext ? 1 : 0] : undefined,
        checkCancelled: () => context.checkCancelled(),
      },
    );
  },
};

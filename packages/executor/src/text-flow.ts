import type { KernelContext, RowKernel, Sink } from "@gloam/plan";

/** A row kernel with its view of the task. */
export interface BoundKernel {
  readonly kernel: RowKernel;
  readonly context: KernelContext;
}

/**
 * Whether a chain over texts never needs one as a string: it makes other elements of them by functions that read bytes, or
 * ends in a sink that takes them. Strings that have to be made after all are better made of many lines at once.
 */
export function takesTexts(chain: readonly BoundKernel[], sink: Sink | undefined): boolean {
  for (const [index, { kernel, context }] of chain.entries()) {
    const result = kernel.ofTexts?.(context);
    if (result === undefined) return false;
    if (result === "elements") return true;
    if (result === "keyedTexts") return index === chain.length - 1 && sink?.takesKeyedTexts === true;
  }
  return false;
}

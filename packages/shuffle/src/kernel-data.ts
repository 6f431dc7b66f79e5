import type { KernelContext } from "@gloam/plan";

/** A user function of a kernel, called with whatever the plan promises. */
export type UserFunction = (...values: unknown[]) => unknown;

/** The data of this package's kernels: `roles` names the user functions by position. */
interface KernelData {
  readonly roles?: readonly string[] | undefined;
}

/** The user function of a role, and its index for `RowCode.userFunction`. */
export function functionOf(
  context: KernelContext,
  role: string,
): { readonly index: number; readonly call: UserFunction } | undefined {
  const index = (context.data as KernelData | undefined)?.roles?.indexOf(role) ?? -1;
  const call = context.functions[index];
  return call === undefined ? undefined : { index, call: call as unknown as UserFunction };
}

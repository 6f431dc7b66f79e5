import { encodeValue } from "@gloam/arrow";
import { captureCallSite } from "@gloam/common";
import { captureFunction, type CapturedFunction } from "@gloam/closure";
import type { NodeOrigin, PlanNode } from "@gloam/plan";
import { invalid } from "./arguments.ts";
import type { GloamContext } from "./context.ts";
import { raiseFor } from "./raise-for.ts";
import { Rdd } from "./rdd.ts";

/** One call of an operation: names its nodes and captures its functions. */
export class Operation implements NodeOrigin {
  readonly operation: string;
  readonly callSite = captureCallSite();
  readonly ids;
  readonly context: GloamContext;

  constructor(context: GloamContext, operation: string) {
    this.context = context;
    this.operation = operation;
    this.ids = context.ids;
  }

  /**
   * Snapshots a user function with what it closes over.
   * @throws GloamError `GLOAM_CLOSURE_NOT_SERIALIZABLE`, `GLOAM_ASYNC_FUNCTION`, `GLOAM_ARGUMENT_INVALID`
   */
  capture(f: (...values: never[]) => unknown, options: { readonly async?: boolean } = {}): CapturedFunction {
    if (typeof f !== "function") throw invalid(this, `expected a function, not ${typeof f}`);
    return captureFunction(f, {
      operation: this.operation,
      callSite: this.callSite,
      allowAsync: options.async ?? false,
    });
  }

  /**
   * A snapshot of a zero value.
   * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE`
   */
  encodeZero(zero: unknown): Uint8Array {
    return raiseFor(this, () => encodeValue(zero, { name: "zero" }));
  }

  /** A handle of a node that this call made. */
  rdd<T>(node: PlanNode): Rdd<T> {
    return new Rdd<T>(this.context, node);
  }
}

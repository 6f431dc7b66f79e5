import { randomUUID } from "node:crypto";
import { captureFunction, type AnyFunction } from "./capture-function.ts";
import { FunctionSnapshot } from "./function-snapshot.ts";
import { registerReviver, transferSymbol, type Transfer } from "./transfer.ts";

/** A value that each worker makes for itself; calling it gives the worker's own. */
export interface ExecutorValue<Value> {
  (): Value;
  [transferSymbol](): Transfer;
}

type Dispose = (value: never) => unknown;

interface Made {
  readonly value: unknown;
  readonly dispose: Dispose | undefined;
}

interface HandleData {
  readonly id: string;
  readonly make: () => unknown;
  readonly dispose: Dispose | undefined;
}

const reviver = "gloam.onExecutor";
const registryKey = Symbol.for("gloam.closure.executorValues");

/** What this thread has made, by handle: one registry for all copies of this package. */
function madeValues(): Map<string, Made> {
  const holder = globalThis as { [registryKey]?: Map<string, Made> };
  return (holder[registryKey] ??= new Map());
}

/**
 * A value that is made where it is used: once per worker, when a function first asks for it. For what cannot travel, such as
 * connections, or is dear to make.
 *
 * `make` and `dispose` are captured when an operation first uses the value. A `make` that throws is called again at the next use.
 *
 * @param make Makes the value. What it returns is kept as it is: when that is a promise, `await` it in `mapAsync`.
 * @param dispose Called with the value when the worker ends. Default: the value's own `Symbol.asyncDispose` or `Symbol.dispose`.
 * @example
 * const db = onExecutor(() => connect(url));
 * const rows = ids.map((id) => db().get(id));
 */
export function onExecutor<Value>(
  make: () => Value,
  dispose?: (value: Awaited<Value>) => unknown,
): ExecutorValue<Value> {
  const id = randomUUID();
  let transfer: Transfer | undefined;
  const snapshot = (fn: AnyFunction) =>
    new FunctionSnapshot(captureFunction(fn, { operation: "onExecutor", allowAsync: true }));
  return handle({ id, make, dispose }, () => {
    transfer ??= { kind: reviver, data: { id, make: snapshot(make), dispose: dispose && snapshot(dispose) } };
    return transfer;
  }) as ExecutorValue<Value>;
}

function handle({ id, make, dispose }: HandleData, transfer: () => Transfer): ExecutorValue<unknown> {
  const read = (): unknown => {
    const values = madeValues();
    let made = values.get(id);
    if (made === undefined) values.set(id, (made = { value: make(), dispose }));
    return made.value;
  };
  return Object.assign(read, { [transferSymbol]: transfer });
}

registerReviver(reviver, (data: HandleData) =>
  handle(data, () => ({ refuse: "is a value of this executor", mend: "use it in the function that asked for it" })),
);

/**
 * Disposes what `onExecutor` made in this thread, newest first. A worker calls it when it ends; afterwards values would be made again.
 *
 * @returns The errors that disposing gave; one does not keep the others from being disposed.
 */
export async function disposeExecutorValues(): Promise<unknown[]> {
  const values = madeValues();
  const made = [...values.values()].reverse();
  values.clear();
  const errors: unknown[] = [];
  for (const { value, dispose } of made) {
    try {
      const settled: unknown = await value;
      await (dispose === undefined ? disposeItself(settled) : dispose(settled as never));
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

function disposeItself(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  const { [Symbol.asyncDispose]: asynchronously, [Symbol.dispose]: synchronously } = Object(value) as Partial<
    AsyncDisposable & Disposable
  >;
  return (asynchronously ?? synchronously)?.call(value as never);
}

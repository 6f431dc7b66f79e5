import { threadInspector, type RemoteProperty } from "./inspector.ts";

/** Where a function begins in the script that it comes from: zero-based. */
export interface FunctionLocation {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** One scope around a function, with its live variables. */
export interface LiveScope {
  /** V8's word: `Closure (outer)`, `Block`, `Module`, `Script`. */
  readonly kind: string;
  readonly variables: object;
}

/** What a bound function holds. */
export interface BoundParts {
  readonly target: unknown;
  readonly self: unknown;
  readonly parameters: readonly unknown[];
}

/** What V8 knows about a function and does not tell the language. */
export class InspectedFunction {
  readonly location: FunctionLocation | undefined;
  readonly #internals: readonly RemoteProperty[];
  #handles: string[] | undefined;
  readonly #scopes: LiveScope[] = [];

  constructor(fn: object) {
    const { internalProperties = [] } = threadInspector.properties(threadInspector.handleOf(fn));
    this.#internals = internalProperties;
    this.location = this.#internal("[[FunctionLocation]]")?.value?.value as FunctionLocation | undefined;
  }

  /** The scopes, innermost first, without the global object. Each is read when it is reached. */
  *scopes(): Generator<LiveScope> {
    const list = this.#internal("[[Scopes]]")?.value?.objectId;
    if (list === undefined) return;
    this.#handles ??= threadInspector
      .properties(list)
      .result.filter(({ value }) => value?.objectId !== undefined && value.description !== "Global")
      .map(({ value }) => value?.objectId as string);
    for (const [index, handle] of this.#handles.entries()) {
      const read = threadInspector.valueOf(handle) as { description: string; object: object };
      yield (this.#scopes[index] ??= { kind: read.description, variables: read.object });
    }
  }

  /** The parts of a bound function; undefined for any other. */
  boundParts(): BoundParts | undefined {
    const target = this.#internal("[[TargetFunction]]")?.value?.objectId;
    if (target === undefined) return undefined;
    const list = this.#internal("[[BoundArgs]]")?.value?.objectId;
    // `this` may be a primitive, which has no handle: read it through the language's own view of the inspector's list.
    const self = this.#internal("[[BoundThis]]")?.value;
    return {
      target: threadInspector.valueOf(target),
      self: self?.objectId === undefined ? primitiveOf(self) : threadInspector.valueOf(self.objectId),
      parameters: list === undefined ? [] : (threadInspector.valueOf(list) as unknown[]),
    };
  }

  #internal(name: string): RemoteProperty | undefined {
    return this.#internals.find((property) => property.name === name);
  }
}

function primitiveOf(remote: { value?: unknown; unserializableValue?: string } | undefined): unknown {
  const text = remote?.unserializableValue;
  if (text === undefined) return remote?.value;
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}

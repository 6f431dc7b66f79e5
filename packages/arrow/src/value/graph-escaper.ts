import { deepestValue, escape, escapeMark } from "./escapes.ts";
import type { SetApart } from "./set-apart.ts";
import { refused, TreeEscaper } from "./tree-escaper.ts";

/** Every so many levels a graph is cut, so that no part of it is deep: msgpackr needs much more stack for a level than we do. */
const levelsOfPart = 64;

/** Escapes a value as a graph, in which shared objects and cycles are references. Throws `refused`. */
export function escapeGraph(value: unknown, apart?: SetApart): unknown {
  const finder = new SharedFinder();
  finder.value(value);
  const escaper = new GraphEscaper(finder.shared, finder.dataOf, apart);
  const root = escaper.value(value);
  return [escapeMark, escape.graph, root, ...escaper.parts()];
}

/** Walks a graph as escaping does, to find what becomes a part of its own: objects that are met again, and a cut here and there. */
class SharedFinder extends TreeEscaper {
  readonly shared = new Set<object>();
  /** Data of instances: `toData` is asked once, so that what it makes is one object. */
  readonly dataOf = new Map<object, unknown>();
  readonly #seen = new Set<object>();
  /** Instances whose data is being walked: their `fromData` needs all of it, so a reference to them cannot be read. */
  readonly #open = new Set<object>();

  protected override enter(value: object): unknown {
    if (this.#seen.has(value)) {
      if (this.#open.has(value)) throw refused;
      this.shared.add(value);
      return null;
    }
    if (this.depth === deepestValue) throw refused;
    this.#seen.add(value);
    if (this.depth % levelsOfPart === levelsOfPart - 1) this.shared.add(value);
    return undefined;
  }

  protected override data(instance: object, toData: (instance: never) => unknown): unknown {
    const data = toData(instance as never);
    this.dataOf.set(instance, data);
    this.#open.add(instance);
    this.value(data);
    this.#open.delete(instance);
    return null;
  }
}

/** Escapes a graph in parts. */
class GraphEscaper extends TreeEscaper {
  readonly #shared: ReadonlySet<object>;
  readonly #dataOf: ReadonlyMap<object, unknown>;
  /** Parts in the order in which they are first referred to. */
  readonly #indices = new Map<object, number>();
  /** The part that is about to be escaped. */
  #part: object | undefined;

  constructor(shared: ReadonlySet<object>, dataOf: ReadonlyMap<object, unknown>, apart: SetApart | undefined) {
    super(apart);
    this.#shared = shared;
    this.#dataOf = dataOf;
  }

  /** Every part; escaping one may find further ones. */
  *parts(): Iterable<unknown> {
    for (const part of this.#indices.keys()) {
      this.#part = part;
      yield this.value(part);
    }
  }

  protected override enter(value: object): unknown {
    if (value === this.#part || !this.#shared.has(value)) {
      // Met again within itself, a part is a reference like the others.
      this.#part = undefined;
      return undefined;
    }
    let index = this.#indices.get(value);
    if (index === undefined) this.#indices.set(value, (index = this.#indices.size));
    return [escapeMark, escape.reference, index];
  }

  protected override data(instance: object): unknown {
    return this.value(this.#dataOf.get(instance));
  }
}

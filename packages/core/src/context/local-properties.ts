import { AsyncLocalStorage } from "node:async_hooks";

/** Properties by their names; a name that stands for `undefined` takes a property away. */
export type LocalPropertyValues = Readonly<Record<string, string | undefined>>;

const none: Readonly<Record<string, string>> = {};

/**
 * Properties of the current asynchronous context: what is set holds for whatever the same function does later, and for what it
 * calls and awaits, as Spark's local properties hold for a thread. Nothing is paid before the first is set: Node.js then
 * follows every promise.
 */
export class LocalProperties {
  #storage: AsyncLocalStorage<Readonly<Record<string, string>>> | undefined;

  get(name: string): string | undefined {
    const all = this.all();
    return Object.hasOwn(all, name) ? all[name] : undefined;
  }

  /** All that hold here; the object is never changed. */
  all(): Readonly<Record<string, string>> {
    return this.#storage?.getStore() ?? none;
  }

  /** For the rest of the calling function, and what it begins. */
  set(values: LocalPropertyValues): void {
    this.#open().enterWith(this.#with(values));
  }

  /** For `action` alone, and what it begins. */
  run<R>(values: LocalPropertyValues, action: () => R): R {
    return this.#open().run(this.#with(values), action);
  }

  #open(): AsyncLocalStorage<Readonly<Record<string, string>>> {
    return (this.#storage ??= new AsyncLocalStorage());
  }

  #with(values: LocalPropertyValues): Readonly<Record<string, string>> {
    const merged = { ...this.all(), ...values };
    return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
  }
}

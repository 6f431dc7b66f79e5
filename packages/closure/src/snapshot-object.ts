import { describeClass, isNativeClass } from "./describe-class.ts";
import { parseOnce } from "./function-text.ts";
import { Refusal, remake, type Step } from "./refusal.ts";
import { hasPrivateInstanceMembers } from "./rewrite-function.ts";
import { snapshotBuiltin } from "./snapshot-builtin.ts";
import { snapshotProperties } from "./snapshot-properties.ts";
import type { NodeDraft, Snapshot } from "./snapshot.ts";
import type { Property, Slot } from "./value-graph.ts";

/** Anything that `new` can be called with. */
export type AnyClass = (abstract new (...parameters: never) => object) & { readonly prototype: object };

/** Snapshots an object that is not a function. */
export function snapshotObject(snapshot: Snapshot, value: object, step: Step | undefined): NodeDraft {
  const builtin = snapshotBuiltin(value, {
    take: (item, kind, name) => snapshot.slot(item, { from: step, kind, name }),
  });
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (builtin !== undefined) {
    const { content, covered } = builtin;
    const properties = snapshotProperties(snapshot, value, step, covered);
    return { content, properties, prototypeOf: derivedFrom(snapshot, prototype, builtin.prototype, step) };
  }
  const own = classOfPrototype(value);
  if (own !== undefined) return snapshotPrototype(snapshot, value, own, step);
  const content = { kind: prototype === null ? "nullObject" : "object" } as const;
  const prototypeOf = derivedFrom(snapshot, prototype, prototype === null ? null : Object.prototype, step);
  return { content, properties: snapshotProperties(snapshot, value, step, () => false), prototypeOf };
}

/** The class, or the plain object, that an object inherits from where that is not what its kind implies. */
function derivedFrom(
  snapshot: Snapshot,
  prototype: object | null,
  implied: object | null,
  step: Step | undefined,
): Slot {
  if (prototype === implied || prototype === null) return undefined;
  const ofClass = classOfPrototype(prototype);
  if (ofClass === undefined) return snapshot.slot(prototype, { from: step, kind: "phrase", name: "its prototype" });
  checkClass(ofClass, implied, step);
  return snapshot.slot(ofClass, { from: step, kind: "phrase", name: `its class '${ofClass.name}'` });
}

/** The class whose `prototype` an object is. */
function classOfPrototype(value: object): AnyClass | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(value, "constructor")?.value;
  return typeof constructor === "function" && constructor.prototype === value ? (constructor as AnyClass) : undefined;
}

/** An instance's class and its superclasses must be copyable: of the program, without private members. */
function checkClass(leaf: AnyClass, implied: object | null, step: Step | undefined): void {
  const isA = `is ${article(describeClass(leaf))}`;
  for (
    let at: object | null = leaf.prototype;
    at !== null && at !== implied;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const ofClass = classOfPrototype(at);
    // An object that is no function has nothing of one: bundlers make a module's namespace that inherits what the module's value does.
    if (ofClass === undefined || ofClass === Function) continue;
    if (isNativeClass(ofClass)) {
      const what = ofClass === leaf ? isA : `${isA}, which is ${article(describeClass(ofClass))}`;
      throw new Refusal(step, { what, mend: remake("open") });
    }
    const parsed = parseOnce(sourceOf(ofClass));
    if (parsed?.form === "class" && hasPrivateInstanceMembers(parsed.node)) {
      throw new Refusal(step, {
        what: `${isA}, whose private members cannot be copied`,
        mend: remake("make", `new ${leaf.name}(...)`),
      });
    }
  }
}

function article(name: string): string {
  return /^[AEIOU]/i.test(name) ? `an ${name}` : `a ${name}`;
}

/** The `prototype` object of a class: what its source does not say travels. */
function snapshotPrototype(snapshot: Snapshot, value: object, of: AnyClass, step: Step | undefined): NodeDraft {
  return {
    content: { kind: "prototype", of: snapshot.slot(of, step) },
    properties: addedMembers(snapshot, value, of, step),
    prototypeOf: oldStyleSuperClass(snapshot, of, step),
  };
}

/** `Derived.prototype = Object.create(Base.prototype)`, or `util.inherits`, said by functions and not by a class. */
function oldStyleSuperClass(snapshot: Snapshot, of: AnyClass, step: Step | undefined): Slot {
  if (sourceOf(of).startsWith("class")) return undefined;
  const base = Object.getPrototypeOf(of.prototype) as object | null;
  if (base === null || base === Object.prototype) return undefined;
  return snapshot.slot(classOfPrototype(base) ?? base, step);
}

/** Members of a class or of its prototype that are not written in the class: added later, or replaced by decorators. */
export function addedMembers(snapshot: Snapshot, holder: object, of: AnyClass, step: Step | undefined): Property[] {
  return snapshotProperties(snapshot, holder, step, (key, descriptor) => isImplied(holder, of, key, descriptor));
}

/** Whether a class's or function's prototype has anything that its source does not say. */
export function hasAddedMembers(of: AnyClass): boolean {
  const { prototype } = of;
  const isClass = sourceOf(of).startsWith("class");
  if (!isClass && Object.getPrototypeOf(prototype) !== Object.prototype) return true;
  return Reflect.ownKeys(prototype).some((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
    return descriptor !== undefined && !isImplied(prototype, of, key, descriptor);
  });
}

const functionKeys: ReadonlySet<string | symbol> = new Set(["length", "name", "prototype", "arguments", "caller"]);

/** Whether evaluating a class's or function's source gives a member again. */
function isImplied(holder: object, of: AnyClass, key: string | symbol, descriptor: PropertyDescriptor): boolean {
  if (key === "constructor" || (typeof holder === "function" && functionKeys.has(key))) return true;
  const source = sourceOf(of);
  if (descriptor.enumerable === true || !source.startsWith("class")) return false;
  const { value, get, set } = descriptor as Record<"value" | "get" | "set", unknown>;
  return [value, get, set].every(
    (member) => member === undefined || (typeof member === "function" && source.includes(sourceOf(member))),
  );
}

function sourceOf(fn: object): string {
  return Function.prototype.toString.call(fn);
}

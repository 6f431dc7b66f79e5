import { GloamError } from "@gloam/common";

/** How instances of a class travel. */
export interface RegisteredClass {
  /** Names the class on both sides. */
  readonly name: string;
  readonly constructor: abstract new (...values: never[]) => object;
  /**
   * The data of an instance, any value that can travel. By default its own enumerable properties. Needed for classes
   * with private fields, which nobody else can see.
   */
  readonly toData?: ((instance: never) => unknown) | undefined;
  /** The instance with that data. By default an object with the class's prototype and those properties. */
  readonly fromData?: ((data: never) => object) | undefined;
}

const byName = new Map<string, RegisteredClass>();
const byPrototype = new Map<object, RegisteredClass>();

/**
 * Lets instances of a class travel as data. Both sides register it under the same name. Registering the same name again
 * replaces the class, since a rebuilt class is another object. Subclasses need a registration of their own.
 *
 * Raises GLOAM_ARGUMENT_INVALID for a class with private fields that has no `toData` and `fromData`.
 *
 * @example
 * class Point { constructor(public x: number, public y: number) {} }
 * registerClass({ name: "Point", constructor: Point });
 * decodeValue(encodeValue(new Point(1, 2))) instanceof Point; // true
 */
export function registerClass(registered: RegisteredClass): void {
  const { name, constructor } = registered;
  if ((registered.toData === undefined) !== (registered.fromData === undefined))
    throw new GloamError("GLOAM_ARGUMENT_INVALID", `class '${name}': toData and fromData go together`);
  if (registered.toData === undefined && hasPrivateFields(constructor))
    throw new GloamError("GLOAM_ARGUMENT_INVALID", `class '${name}' has private fields, which cannot be read`, {
      hint: "give toData and fromData",
    });
  const previous = byName.get(name);
  if (previous !== undefined) byPrototype.delete(previous.constructor.prototype as object);
  byName.set(name, registered);
  byPrototype.set(constructor.prototype as object, registered);
}

/** The class whose prototype this is. */
export function classOfPrototype(prototype: object): RegisteredClass | undefined {
  return byPrototype.get(prototype);
}

/** The class registered under this name. */
export function classNamed(name: string): RegisteredClass | undefined {
  return byName.get(name);
}

/** Looks for `#name` in the source of the class and those that it extends, outside of strings where that is easy to tell. */
function hasPrivateFields(constructor: unknown): boolean {
  for (let current = constructor; typeof current === "function"; current = Object.getPrototypeOf(current)) {
    const source = Function.prototype.toString.call(current);
    if (
      source.startsWith("class") &&
      /(?:^|[\s;{.(])#[\p{ID_Start}$_]/u.test(source.replace(/"[^"\n]*"|'[^'\n]*'/g, ""))
    )
      return true;
  }
  return false;
}

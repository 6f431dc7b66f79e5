/**
 * Makes TypeScript read `[word, 1]` as a tuple, at every depth: as the constraint of the type parameter that a function's
 * result is inferred for. Everything satisfies it.
 *
 * So do promises, which are refused when the program runs (`GLOAM_ASYNC_FUNCTION`). What types can do about it costs more than it gives:
 * a condition on the result or on the parameter refuses functions of a type parameter too, which a generic function could not hand on
 * any more, and an overload for functions that give promises, before the real one, has `[word, 1]` read as an array and takes
 * functions that give `any`, such as `JSON.parse`.
 */
export type Element = [Element, ...Element[]] | {} | null | undefined;

/**
 * Makes TypeScript read `["a", [1]]` as a pair, and the list in it as an array: for data written down, whose lists differ in
 * length. Everything satisfies it.
 */
export type Datum = [unknown] | [unknown, unknown] | {} | null | undefined;

/** A literal that `aggregate` begins with is a tuple of this type, and not an array, where it has several elements. */
export type Several = [Element, Element, ...Element[]];

/**
 * The type of values that are added up. `number` for the literal `1`: what a function that adds two values may return. An
 * array of any length for a tuple of one element or none: `[value]` begins a list, as in `[...a, ...b]`.
 */
export type Widen<V> = V extends number
  ? number
  : V extends string
    ? string
    : V extends boolean
      ? boolean
      : V extends bigint
        ? bigint
        : Listed<V>;

/** Tuples of one element or none as arrays of any length. */
export type Listed<V> = V extends [infer A] ? A[] : V extends [] ? never[] : V;

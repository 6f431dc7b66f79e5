/**
 * Makes TypeScript read `[word, 1]` as a tuple: as the constraint of the type parameter that a function's result is
 * inferred for. Everything satisfies it.
 */
export type Element = [unknown, ...unknown[]] | {} | null | undefined;

/** The type of a literal's values: `number` for `1`. What a function that adds two values of a pair may return. */
export type Widen<V> = V extends number
  ? number
  : V extends string
    ? string
    : V extends boolean
      ? boolean
      : V extends bigint
        ? bigint
        : V;

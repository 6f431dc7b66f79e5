type Kind = "small" | "large";

interface Limit {
  readonly id: number;
  readonly kind: Kind;
}

const limit: Limit = { id: 7, kind: "small" };

/** Throws for one id. */
export function check(id: number): Kind {
  if (id === limit.id) throw new RangeError(`order ${id} is wrong`);
  return limit.kind;
}

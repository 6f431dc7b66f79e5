/**
 * What a package's `exports` or `imports` (or a part of them) give for a name, by Node's rules: a path that begins with `./`, a
 * package's name, or undefined.
 *
 * @param field The field: of `exports`, its subpaths or what stands for the only one.
 * @param name `.` or `./part` among `exports`, `#name` among `imports`.
 */
export function packageTarget(field: unknown, name: string, conditions: ReadonlySet<string>): string | undefined {
  if (!isTable(field) || !Object.keys(field).some((key) => /^[.#]/.test(key))) {
    return name === "." ? targetOf(field, "", conditions) : undefined;
  }
  if (Object.hasOwn(field, name) && !name.includes("*")) return targetOf(field[name], "", conditions);
  let best: { readonly key: string; readonly star: string; readonly length: number } | undefined;
  for (const key of Object.keys(field)) {
    const [before = "", after] = key.split("*");
    if (after === undefined || !name.startsWith(before) || !name.endsWith(after)) continue;
    if (name.length < key.length || before.length < (best?.length ?? 0)) continue;
    best = { key, star: name.slice(before.length, name.length - after.length), length: before.length };
  }
  return best && targetOf(field[best.key], best.star, conditions);
}

function targetOf(target: unknown, star: string, conditions: ReadonlySet<string>): string | undefined {
  if (typeof target === "string") return target.replaceAll("*", star);
  if (Array.isArray(target)) {
    for (const each of target as unknown[]) {
      const found = targetOf(each, star, conditions);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isTable(target)) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    if (condition !== "default" && !conditions.has(condition)) continue;
    const found = targetOf(value, star, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { createHash } from "node:crypto";

/** A module among others that it may import, in a circle too. */
export interface GraphMember {
  /** Names it. */
  readonly url: string;
  /** Hash of what it is by itself. */
  readonly hash: string;
  /** Names of the modules that it imports. */
  readonly targets: readonly string[];
}

/**
 * Hashes each module together with all that it imports, directly or not: equal for modules that evaluate to the same, and another as
 * soon as anything below them is another. Modules that import each other are hashed as one.
 *
 * @returns 32 hexadecimal digits by URL.
 */
export function deepHashes(modules: ReadonlyMap<string, GraphMember>): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const circle of circles(modules)) {
    const members = circle.map(({ url }) => url).sort();
    const below = new Set(circle.flatMap(({ targets }) => targets).filter((target) => !members.includes(target)));
    const digest = createHash("sha256");
    for (const url of members) digest.update(`${url}\n${modules.get(url)?.hash}\n`);
    for (const url of [...below].sort()) digest.update(`${url}\n${hashes.get(url)}\n`);
    const whole = digest.digest("hex");
    for (const url of members) hashes.set(url, shortHash(`${whole}\n${url}`, 32));
  }
  return hashes;
}

/** The first hexadecimal digits of a text's SHA-256. */
export function shortHash(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

/** Sets of modules that import each other, each behind those that it imports: Tarjan's algorithm with a stack of its own. */
function circles(modules: ReadonlyMap<string, GraphMember>): GraphMember[][] {
  const found: GraphMember[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: GraphMember[] = [];
  const isOpen = new Set<string>();
  for (const root of modules.values()) {
    if (order.has(root.url)) continue;
    const walk: { readonly member: GraphMember; next: number }[] = [];
    const enter = (member: GraphMember): void => {
      order.set(member.url, order.size);
      lowest.set(member.url, order.size - 1);
      open.push(member);
      isOpen.add(member.url);
      walk.push({ member, next: 0 });
    };
    const lower = (url: string, to: number): void => void lowest.set(url, Math.min(lowest.get(url) ?? to, to));
    enter(root);
    for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
      const { member } = top;
      const target = member.targets[top.next++];
      if (target !== undefined) {
        const other = modules.get(target);
        if (other !== undefined && !order.has(target)) enter(other);
        else if (isOpen.has(target)) lower(member.url, order.get(target) ?? 0);
        continue;
      }
      walk.pop();
      const low = lowest.get(member.url) ?? 0;
      const outer = walk.at(-1);
      if (outer !== undefined) lower(outer.member.url, low);
      if (low !== order.get(member.url)) continue;
      const circle = open.splice(open.lastIndexOf(member));
      for (const { url } of circle) isOpen.delete(url);
      found.push(circle);
    }
  }
  return found;
}

import { apiFamilies, type ApiFamily } from "./api-names.ts";
import type { ApiEntry } from "./read-api.ts";

/**
 * The families of the API with what else its classes have: each other name in the family of the name that its file declares before
 * it, or of the next one, or else in the last family of its class. So an operation needs no line in the table of names.
 *
 * @param entries What the sources declare.
 */
export function allFamilies(entries: readonly ApiEntry[]): ApiFamily[] {
  const families = apiFamilies.map((family) => ({ ...family, names: [...family.names] }));
  const familyOf = ({ owner, name }: ApiEntry): ApiFamily | undefined =>
    apiFamilies.find((family) => family.owner === owner && family.names.includes(name));
  for (const [at, entry] of entries.entries()) {
    if (!isPublic(entry) || familyOf(entry) !== undefined) continue;
    const isNeighbour = ({ file, owner }: ApiEntry): boolean => file === entry.file && owner === entry.owner;
    const neighbours = [...entries.slice(0, at).toReversed(), ...entries.slice(at)].filter(isNeighbour);
    const family =
      neighbours.map(familyOf).find((found) => found !== undefined) ??
      apiFamilies.findLast(({ owner, title }) => owner === entry.owner && title !== "Classic map-reduce");
    families.find(({ title }) => title === family?.title)?.names.push(entry.name);
  }
  return families;
}

function isPublic({ owner, name, doc }: ApiEntry): boolean {
  if (owner !== "GloamContext" && owner !== "Rdd") return false;
  return doc !== undefined && !doc.isInternal && !name.startsWith("[") && !["node", "context"].includes(name);
}

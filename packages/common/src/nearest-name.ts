/**
 * The name of `names` that needs the fewest letters inserted, removed, changed or swapped to become `written`; upper and
 * lower case and separators count as the same. Undefined when none comes close (more than a third of the letters differ).
 */
export function nearestName(written: string, names: Iterable<string>): string | undefined {
  const wanted = letters(written);
  let nearest: string | undefined;
  let least = Infinity;
  for (const name of names) {
    const distance = editDistance(wanted, letters(name));
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return least <= Math.max(1, Math.floor(wanted.length / 3)) ? nearest : undefined;
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[._-]/g, "");
}

/** Damerau's distance with adjacent swaps, by rows. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let distance = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        distance = Math.min(distance, beforePrevious[column - 2]! + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length]!;
}

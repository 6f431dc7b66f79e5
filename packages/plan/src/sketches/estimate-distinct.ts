/**
 * The number of distinct keys that filled the registers of a HyperLogLog. Needs no table and no switch between formulas: it is
 * without bias from none to as many keys as there are hashes. (Otmar Ertl, New cardinality estimation algorithms for
 * HyperLogLog sketches, 2017, section 4: the improved raw estimator.)
 *
 * @param registers 2^precision of them.
 */
export function estimateFromRegisters(registers: Uint8Array, precision: number): number {
  const ranks = 64 - precision;
  const counts = new Float64Array(ranks + 2);
  for (let i = 0; i < registers.length; i++) counts[registers[i]!] = counts[registers[i]!]! + 1;
  const size = registers.length;
  let sum = size * tau(1 - counts[ranks + 1]! / size);
  for (let rank = ranks; rank >= 1; rank--) sum = 0.5 * (sum + counts[rank]!);
  sum += size * sigma(counts[0]! / size);
  return (size * size) / (2 * Math.LN2) / sum;
}

/** The number of distinct keys that hit so many of `places`: linear counting. */
export function estimateFromPlaces(hit: number, places: number): number {
  return places * Math.log(places / (places - hit));
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let [x, y, z] = [share, 1, share];
  for (let before = Number.NaN; z !== before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [x, y, z] = [share, 1, 1 - share];
  for (let before = Number.NaN; z !== before;) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

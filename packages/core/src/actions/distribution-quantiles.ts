/**
 * The number below which a standard normal variable lies with probability `p`, to about 16 digits. (Wichura, Algorithm AS 241:
 * The percentage points of the normal distribution, 1988.)
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(middle.above, r)) / polynomial(middle.below, r);
  }
  const tail = Math.min(p, 1 - p);
  if (tail <= 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const value =
    r <= 5
      ? polynomial(near.above, r - 1.6) / polynomial(near.below, r - 1.6)
      : polynomial(far.above, r - 5) / polynomial(far.below, r - 5);
  return q < 0 ? -value : value;
}

/**
 * The number below which a variable of Student's t distribution lies with probability `p`, from one half on, to about six digits or more.
 * (Hill, Algorithm 396: Student's t-quantiles, 1970; with one and two degrees of freedom exactly.)
 *
 * @param freedom Degrees of freedom; infinite for none, which leaves everything possible.
 */
export function studentQuantile(p: number, freedom: number): number {
  if (freedom < 1) return Infinity;
  const both = 2 * (1 - p);
  if (freedom === 1) return 1 / Math.tan((both * Math.PI) / 2);
  if (freedom === 2) return Math.sqrt(2 / (both * (2 - both)) - 2);
  const a = 1 / (freedom - 0.5);
  const b = (48 / a) * (1 / a);
  const c0 = ((20700 * a) / b - 98) * a - 16;
  const c = c0 * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * freedom;
  let y = (d * both) ** (2 / freedom);
  if (y > 0.05 + a) {
    const x = -normalQuantile(1 - both / 2);
    y = x * x;
    const c1 = freedom < 5 ? c + 0.3 * (freedom - 4.5) * (x + 0.6) : c;
    const c2 = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c1;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c2 - y - 3) / b + 1) * x;
    y = Math.expm1(a * y * y);
  } else {
    y =
      ((1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3) + 0.5 / (freedom + 4)) * y - 1) *
        ((freedom + 1) / (freedom + 2)) +
      1 / y;
  }
  return Math.sqrt(freedom * y);
}

/** Means up to which probabilities are added up one by one. */
const largestSum = 700;

/**
 * The least whole number that a Poisson variable does not exceed with probability `p`; for means above 700 to one or two. (There
 * by the expansion of Cornish and Fisher.)
 */
export function poissonQuantile(p: number, mean: number): number {
  if (mean > largestSum) {
    const z = normalQuantile(p);
    return Math.max(0, Math.ceil(mean + z * Math.sqrt(mean) + (z * z - 1) / 6 - 0.5));
  }
  let probability = Math.exp(-mean);
  let sum = probability;
  let count = 0;
  // Beyond the end of the sum's digits there is nothing more to add.
  while (sum < p && (count < mean || probability > 0)) {
    count++;
    probability *= mean / count;
    sum += probability;
  }
  return count;
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

const middle = {
  above: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  below: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
};
const near = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  below: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
const far = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

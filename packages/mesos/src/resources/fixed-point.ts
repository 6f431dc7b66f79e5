/**
 * Mesos keeps quantities in thousandths; what it sends and gets is rounded to that. Sums are made of these, so that a third
 * that was taken three times is a whole.
 */
export function toThousandths(quantity: number): number {
  return Math.round(quantity * 1000);
}

/** The quantity of so many thousandths. */
export function fromThousandths(thousandths: number): number {
  return thousandths / 1000;
}

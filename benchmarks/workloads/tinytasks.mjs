/** 10,000 partitions of one element: what a task costs. */
export default async function tinytasks(gc) {
  const numbers = Array.from({ length: 10_000 }, (_, index) => index);
  return `count=${await gc.parallelize(numbers, numbers.length).count()}`;
}

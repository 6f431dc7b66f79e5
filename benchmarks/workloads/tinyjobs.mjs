/** 100 jobs one after the other: what a job costs. */
export default async function tinyjobs(gc) {
  const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
  let total = 0;
  for (let job = 0; job < 100; job++) total += await gc.parallelize(numbers, 2).sum();
  return `sum=${total}`;
}

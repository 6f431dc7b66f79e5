/** The smallest job: how long until a context is up and has answered once. */
export default async function startup(gc) {
  const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
  return `sum=${await gc.parallelize(numbers).sum()}`;
}

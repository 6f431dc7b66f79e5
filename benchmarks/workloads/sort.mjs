/** Sorts 5 million lines of 100 bytes by a random key of 10 characters and writes them to 8 files. */
export default async function sort(gc, { data, output, partitions }) {
  await gc
    .textFile(`${data}/sort`)
    .map((line) => [line.slice(0, 10), line.slice(11)])
    .sortByKey({ partitions })
    .map(([key, rest]) => `${key} ${rest}`)
    .saveAsTextFile(output);
  return "files";
}

/**
 * Bytes that the process grows by while something is done twenty thousand times, with all samples in turn, after it has been
 * done half as often. A hundred times in one turn of the event loop: zlib gives its memory back in the next.
 */
export async function growthOf<T>(samples: readonly T[], action: (sample: T) => void): Promise<number> {
  const repeat = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      action(samples[time % samples.length]!);
      if (time % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await repeat(10_000);
  const before = process.memoryUsage().rss;
  await repeat(20_000);
  return process.memoryUsage().rss - before;
}

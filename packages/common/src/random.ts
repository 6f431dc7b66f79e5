/** Seeded source of random numbers: the same sequence on every machine. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number;
  /** Uniform integer in 0 .. bound - 1, without bias; `bound` is an integer from 1 to 2^32. */
  nextInt(bound: number): number;
}

/**
 * Makes a source from a seed, any number; close seeds give unrelated sequences.
 *
 * The generator is Chris Doty-Humphrey's sfc32 (PractRand): 128 bits of state, period at least 2^32.
 */
export function createRandom(seed: number): Random {
  let a = seedWord(seed, 1);
  let b = seedWord(seed, 2);
  let c = seedWord(seed, 3);
  let counter = 1;
  const draw = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 12; round++) draw();
  return {
    next: () => ((draw() >>> 5) * 0x4000000 + (draw() >>> 6)) / 2 ** 53,
    nextInt(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw new RangeError(`invalid bound ${bound}`);
      const limit = 2 ** 32 - (2 ** 32 % bound);
      for (;;) {
        const drawn = draw();
        if (drawn < limit) return drawn % bound;
      }
    },
  };
}

/**
 * A seed for one of many sources that belong together, such as (operation, partition) of a job's seed. An integer from 0
 * to 2^32 - 1.
 */
export function deriveSeed(seed: number, first: number, second = 0): number {
  return mix(mix(seedWord(seed, 4) ^ mix(seedWord(first, 5))) + seedWord(second, 6)) >>> 0;
}

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/** 32 bits from all 64 of a number and a stream number. -0 counts as 0. */
function seedWord(seed: number, stream: number): number {
  float[0] = seed + 0;
  return mix(mix(mix(words[0]!) + words[1]!) + Math.imul(stream, 0x9e3779b9));
}

/** The finalizer of MurmurHash3: every input bit changes every output bit with probability one half. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

// Functions of a module, which executors import as they are.
export const numbersOf = (line) => line.split(",").map(Number);
export const wordsOf = (line) => line.split(/\s+/);
export const one = (word) => [word, 1];

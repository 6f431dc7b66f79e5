/** Shuffle writers, aggregators, sorters, mergers and readers. */
export {};

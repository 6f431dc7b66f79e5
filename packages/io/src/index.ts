/** Sources, sinks and file systems. */
export {};

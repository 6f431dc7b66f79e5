/** The gloam command. */
export {};

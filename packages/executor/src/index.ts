/** Stage compiler, task loop and worker entry. */
export {};

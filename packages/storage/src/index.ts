/** Block store in shared memory slabs, memory manager, disk files. */
export {};

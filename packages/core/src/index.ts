/** GloamContext and Rdd. */
export {};

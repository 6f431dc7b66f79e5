/** Random lineages and what becomes of them: for simulations of a scheduler with the rest of a cluster around it. */
export { Lineage, type NodeSettings } from "./lineage.ts";
export { Provenance, type Reads } from "./provenance.ts";
export { growLineage, oneOf } from "./random-lineage.ts";

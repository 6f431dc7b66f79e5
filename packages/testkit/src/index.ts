/** Test support: executor matrix, plain-array model, chaos driver. */
export { masters } from "./masters.ts";

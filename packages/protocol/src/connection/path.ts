/** Path of the one resource that servers have. */
export const path = "/gloam";

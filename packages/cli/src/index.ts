/** The gloam command. */
export { main } from "./main.ts";
export { registerUserModules } from "./register-user-modules.ts";
export type { UserModuleOptions } from "./module-hooks.ts";

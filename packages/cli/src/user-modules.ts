/**
 * Imported by every thread that is to import the user's modules, before the first: `.../user-modules.js?installation=URL`.
 * The query holds what `registerUserModules` takes.
 */
import { registerUserModules } from "./register-user-modules.ts";

const installation = new URL(import.meta.url).searchParams.get("installation") ?? import.meta.url;
await registerUserModules({ installation });

/** Whether modules are TypeScript, so that an executor needs a loader for it on Node.js that has none. */
export function needsTypeScript(modules: readonly string[]): boolean {
  return modules.some((module) => /\.[cm]?tsx?$/.test(module));
}

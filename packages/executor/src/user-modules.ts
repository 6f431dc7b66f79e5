let registered: Promise<void> | undefined;

/** Imports a module by URL or package name: kernels of libraries and modules of user functions alike. */
export function importUserModule(specifier: string): Promise<unknown> {
  return import(specifier);
}

/** Lets this thread import TypeScript. Node does so itself from version 24 on, save for syntax that has to be compiled. */
export function registerTypeScript(): Promise<void> {
  registered ??= import("tsx/esm/api").then(({ register }) => {
    register();
  });
  return registered;
}

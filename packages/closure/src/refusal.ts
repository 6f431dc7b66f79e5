import { GloamError, type CallSite } from "@gloam/common";

/** One step from a function to a value that it reaches. */
export interface Step {
  readonly from: Step | undefined;
  /** `capture` of a variable, `property` of an object, or a phrase such as `an element`. */
  readonly kind: "capture" | "property" | "phrase";
  readonly name: string;
  /** Where the variable is declared, such as `etl.ts:5`; found only when a message needs it. */
  readonly declared?: (() => string | undefined) | undefined;
  /** The package whose value the variable holds, where a bundle has it inside; found only when a message needs it. */
  readonly bundled?: (() => string | undefined) | undefined;
}

/** Why a value cannot travel: the message and the mend. */
export interface Reason {
  /** Ends a sentence that begins with the value: `is a net.Socket`. */
  readonly what: string;
  readonly mend: string | ((variable: string | undefined) => string);
}

/** Thrown while values are snapshotted and turned into a coded error where the operation is known. */
export class Refusal extends Error {
  readonly step: Step | undefined;
  readonly reason: Reason;

  constructor(step: Step | undefined, reason: Reason) {
    super(reason.what);
    this.step = step;
    this.reason = reason;
  }
}

/** The error that the user sees, with path and mend. */
export function refusalError(
  refusal: Refusal,
  label: string,
  options: { readonly operation: string; readonly callSite?: CallSite | undefined },
): GloamError {
  const { callSite, operation } = options;
  const { what, mend } = refusal.reason;
  const path = describePath(refusal.step);
  const line = path === undefined ? `it ${what}` : `it ${path} ${what}`;
  const bundled = bundledPackageOf(refusal.step);
  const own = typeof mend === "string" ? mend : mend(variableOf(refusal.step));
  const hint = bundled === undefined ? own : externalise(bundled);
  const message = `cannot send '${label}' to executors\n  ${line}`;
  return new GloamError("GLOAM_CLOSURE_NOT_SERIALIZABLE", message, { hint, callSite, operation });
}

/** What is inside a package cannot be mended by the user. */
function externalise(name: string): string {
  return `leave ${name} out of the bundle, for executors to import: esbuild --packages=external, or --external:${name}`;
}

/** A mend for what has to be made where it is used: `open it on the executor instead: const db = onExecutor(() => ...)`. */
export function remake(verb: string, expression = "..."): Reason["mend"] {
  return (variable) => {
    const declaration = variable === undefined ? "" : `const ${variable} = `;
    return `${verb} it on the executor instead: ${declaration}onExecutor(() => ${expression})`;
  };
}

/** The captured variable through which a value was reached. */
function variableOf(last: Step | undefined): string | undefined {
  let step = last;
  while (step !== undefined && step.kind !== "capture") step = step.from;
  return step?.name;
}

/** The bundled package inside which a value was reached. */
function bundledPackageOf(last: Step | undefined): string | undefined {
  for (let step = last; step !== undefined; step = step.from) {
    const bundled = step.bundled?.();
    if (bundled !== undefined) return bundled;
  }
  return undefined;
}

/** `captures 'db' (etl.ts:5), whose property 'socket'`; undefined for the function itself. */
function describePath(last: Step | undefined): string | undefined {
  const steps: Step[] = [];
  for (let step = last; step !== undefined; step = step.from) steps.unshift(step);
  if (steps.length === 0) return undefined;
  let text = "";
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] as Step;
    if (step.kind === "capture") {
      const bundled = step.bundled?.();
      const notes = [step.declared?.(), bundled && `the bundled package ${bundled}`].filter(
        (note) => note !== undefined,
      );
      const joint = text === "" ? "captures" : ", which captures";
      text += `${joint} '${step.name}'${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
      continue;
    }
    if (step.kind === "phrase") {
      text += `${text === "" ? "holds" : ", which holds"} ${step.name}`;
      continue;
    }
    let name = step.name;
    while (steps[index + 1]?.kind === "property") name = joinNames(name, (steps[++index] as Step).name);
    text += `${text === "" ? "has the" : ", whose"} property '${name}'`;
  }
  return last?.kind === "property" ? text : `${text}, which`;
}

function joinNames(left: string, right: string): string {
  return right.startsWith("[") ? left + right : `${left}.${right}`;
}

import { bundledPackage } from "./bundled-package.ts";
import { readNames } from "./captured-names.ts";
import { declaredAt } from "./declared-at.ts";
import { isNative, isNativeClass } from "./describe-class.ts";
import { functionText, parseOnce } from "./function-text.ts";
import { builtinExportOf, globalPathOf } from "./global-values.ts";
import { intrinsicNames } from "./idioms.ts";
import { InspectedFunction } from "./inspect-function.ts";
import { importedUrl, literalImports } from "./literal-imports.ts";
import { fileUrl, viteRoot } from "./main-program.ts";
import { referenceByName, referenceByPlace, type ModuleValue } from "./module-binding.ts";
import type { ParsedFunction } from "./parse-function.ts";
import { Refusal, type Step } from "./refusal.ts";
import { specialNames } from "./rewrite-function.ts";
import { scriptOf, type Script } from "./script.ts";
import { addedMembers, hasAddedMembers, type AnyClass } from "./snapshot-object.ts";
import type { NodeDraft, Snapshot } from "./snapshot.ts";
import type { NodeContent, Slot } from "./value-graph.ts";

type AnyFunction = (...parameters: never) => unknown;

/** Snapshots a function, class, method or bound function: by reference where executors can find it, else by value. */
export function snapshotFunction(
  snapshot: Snapshot,
  fn: AnyFunction,
  index: number,
  step: Step | undefined,
): NodeDraft {
  const text = Function.prototype.toString.call(fn);
  const inspected = new InspectedFunction(fn);
  if (isNative(text)) return snapshotNative(snapshot, fn, inspected, step);
  const script = inspected.location === undefined ? undefined : scriptOf(inspected.location);
  const begin = inspected.location === undefined ? undefined : script?.beginOf(text, inspected.location);
  if (script?.url.startsWith("node:") === true) return nodeFunction(snapshot, fn, script.url, step);
  const reference = script === undefined ? undefined : referenceByPlace(fn, script, begin);
  if (reference !== undefined) return { content: moduleContent(snapshot, reference) };

  const parsed = parseOnce(text);
  checkText(fn, parsed, step);
  const name = nameOf(fn);
  const captures = new CaptureList(snapshot, script, begin, step);
  if (parsed.form === "class") captures.superClass(parsed, fn);
  captures.names(parsed, inspected);
  captures.intrinsics(parsed);
  snapshot.addFunction(index, {
    text: functionText(text, parsed, name, script, begin),
    name,
    parameters: captures.parameters,
  });
  const of = fn as unknown as AnyClass;
  const isConstructor = typeof of.prototype === "object" && Object.hasOwn(of.prototype, "constructor");
  if (isConstructor && hasAddedMembers(of)) snapshot.slot(of.prototype, step);
  return {
    content: { kind: "function", code: 0, captures: captures.slots },
    properties: addedMembers(snapshot, fn, of, step),
  };
}

function checkText(fn: AnyFunction, parsed: ParsedFunction | undefined, step: Step | undefined): asserts parsed {
  if (parsed === undefined) {
    throw new Refusal(step, {
      what: "has a source that cannot stand alone: it uses private members or new.target of what surrounds it",
      mend: "wrap what it does into a plain function",
    });
  }
  const { lexical, ownThis, superUse } = parsed.surroundings;
  const called = `(x) => object.${nameOf(fn) || "method"}(x)`;
  if (step === undefined && parsed.form === "class") {
    throw new Refusal(step, {
      what: "is a class",
      mend: `make its instances in a function: (x) => new ${nameOf(fn)}(x)`,
    });
  }
  if (step === undefined && ownThis && parsed.form === "method") {
    throw new Refusal(step, {
      what: "uses 'this', which it does not have without its object",
      mend: `bind it: object.${nameOf(fn) || "method"}.bind(object), or call it: ${called}`,
    });
  }
  if (lexical !== undefined) {
    throw new Refusal(step, {
      what: `${step === undefined ? "" : "is a function that "}uses '${lexical}' of the function around it`,
      mend:
        lexical === "this"
          ? "copy what it needs into a constant first: const { factor } = this"
          : "copy what it needs into a constant first, and use that",
    });
  }
  if (superUse) {
    throw new Refusal(step, {
      what: `${step === undefined ? "" : "is a method that "}uses 'super'`,
      mend: `call it on its object: ${called}`,
    });
  }
}

function nameOf(fn: AnyFunction): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, "name")?.value;
  return typeof name === "string" ? name : "";
}

function moduleContent(snapshot: Snapshot, { module, path }: ModuleValue): NodeContent {
  return { kind: "module", module: snapshot.module(module), path };
}

function nodeFunction(snapshot: Snapshot, fn: AnyFunction, url: string | undefined, step: Step | undefined): NodeDraft {
  const path = globalPathOf(fn);
  if (path !== undefined) return { content: { kind: "global", path } };
  const found = builtinExportOf(fn, url);
  if (found === undefined) {
    throw new Refusal(step, {
      what: `is a function of Node.js itself${nameOf(fn) === "" ? "" : ` ('${nameOf(fn)}')`} that no module exports`,
      mend: "call it inside a function of your own that executors can run",
    });
  }
  const module = { specifier: found.module, base: "", interop: "namespace" } as const;
  return { content: moduleContent(snapshot, { module, path: [found.name] }) };
}

function snapshotNative(
  snapshot: Snapshot,
  fn: AnyFunction,
  inspected: InspectedFunction,
  step: Step | undefined,
): NodeDraft {
  const bound = inspected.boundParts();
  if (bound === undefined) return nodeFunction(snapshot, fn, undefined, step);
  // `console.log` is a bound function of Node.js itself, which no module exports: executors have their own.
  const path = isOwnOfNode(bound.target) ? globalPathOf(fn) : undefined;
  if (path !== undefined) return { content: { kind: "global", path } };
  const inside = (name: string): Step => ({ from: step, kind: "phrase", name });
  return {
    content: {
      kind: "bound",
      target: snapshot.slot(bound.target, inside("the function that it binds")),
      self: snapshot.slot(bound.self, inside("a bound 'this'")),
      parameters: bound.parameters.map((value, at) => snapshot.slot(value, inside(`bound argument ${at + 1}`))),
    },
    properties: addedMembers(snapshot, fn, fn as unknown as AnyClass, step),
  };
}

/** Whether a function is part of Node.js and not made of such a part by `bind`. */
function isOwnOfNode(target: unknown): boolean {
  if (typeof target !== "function" || !isNativeClass(target)) return false;
  return new InspectedFunction(target).boundParts() === undefined;
}

/** Collects what a function's factory takes: names and slots side by side. */
class CaptureList {
  readonly parameters: string[] = [];
  readonly slots: Slot[] = [];
  readonly #snapshot: Snapshot;
  readonly #script: Script | undefined;
  readonly #begin: number | undefined;
  readonly #step: Step | undefined;

  constructor(snapshot: Snapshot, script: Script | undefined, begin: number | undefined, step: Step | undefined) {
    this.#snapshot = snapshot;
    this.#script = script;
    this.#begin = begin;
    this.#step = step;
  }

  superClass(parsed: ParsedFunction, of: object): void {
    if (![...parsed.removed].includes(parsed.node["superClass"] as never)) return;
    const superClass: unknown = Object.getPrototypeOf(of);
    this.#add(specialNames.superClass, this.#snapshot.slot(superClass, this.#captureStep("its superclass")));
  }

  names(parsed: ParsedFunction, inspected: InspectedFunction): void {
    const { free, importMetas, dynamicImports } = parsed.surroundings;
    const url = this.#script === undefined ? "" : fileUrl(this.#script.url);
    if (importMetas.length > 0) this.#extra(specialNames.importMeta, { kind: "importMeta", url });
    if (dynamicImports.length > 0) {
      this.#extra(specialNames.dynamicImport, { kind: "dynamicImport", base: url, root: "" });
      this.#imports(parsed, url, "");
    }
    for (const [name, live] of readNames(inspected, free)) {
      if (name === "__vite_ssr_import_meta__") this.#extra(name, { kind: "importMeta", url });
      else if (name === "__vite_ssr_dynamic_import__") {
        const root = viteRoot() ?? "";
        this.#extra(name, { kind: "dynamicImport", base: url, root });
        this.#imports(parsed, url, root);
      } else if (name === "require" && live.outermost && typeof live.value === "function") {
        this.#extra(name, { kind: "require", base: url });
        this.#imports(parsed, url, "");
      } else {
        const reference = this.#script && referenceByName(this.#script, name, live);
        if (reference !== undefined) this.#extra(name, moduleContent(this.#snapshot, reference));
        else if (live.uninitialised) this.#refuseUninitialised(name);
        else this.#add(name, this.#snapshot.slot(live.value, this.#captureStep(name)));
      }
    }
  }

  intrinsics({ idioms }: ParsedFunction): void {
    for (const name of new Set(idioms.flatMap(({ intrinsics }) => intrinsics))) {
      this.#extra(intrinsicNames[name], { kind: "intrinsic", name });
    }
  }

  /** Modules that the function may ask for while it runs. */
  #imports({ program }: ParsedFunction, url: string, root: string): void {
    if (!URL.canParse(url)) return;
    for (const specifier of literalImports(program)) {
      const imported = importedUrl(specifier, url, root);
      if (imported !== undefined) this.#snapshot.addImport(imported);
    }
  }

  #refuseUninitialised(name: string): never {
    throw new Refusal(this.#captureStep(name), {
      what: "has no value yet",
      mend: `move the operation behind the declaration of '${name}'`,
    });
  }

  #captureStep(name: string): Step {
    const script = this.#script;
    const declared = script === undefined ? undefined : () => declaredAt(script, name, this.#begin ?? 0);
    const bundled = script === undefined ? undefined : () => bundledPackage(script.source, name);
    return { from: this.#step, kind: "capture", name, declared, bundled };
  }

  #extra(name: string, content: NodeContent): void {
    this.#add(name, this.#snapshot.extra(content));
  }

  #add(name: string, slot: Slot): void {
    this.parameters.push(name);
    this.slots.push(slot);
  }
}

/** Captures a JavaScript function with what it closes over and rebuilds it elsewhere. */
export type { BlobResolver } from "./blobs.ts";
export { captureFunction, type AnyFunction, type CaptureOptions } from "./capture-function.ts";
export type { CapturedBlob, CapturedFunction, PackageImport } from "./captured-function.ts";
export { importFromBase, type ImportModule } from "./import-modules.ts";
export { loadFunctions, type FunctionFactory, type LoadOptions, type RebuiltFunction } from "./load-functions.ts";
export { setMainProgram } from "./main-program.ts";
export { moduleKey } from "./module-key.ts";
export { modulePartsOf, type ModulePart } from "./module-parts.ts";
export { needsTypeScript } from "./needs-typescript.ts";
export { readsNumbersAsBuilt } from "./intrinsics.ts";
export { disposeExecutorValues, onExecutor, type ExecutorValue } from "./on-executor.ts";
export { pureFunction } from "./pure-function.ts";
export { joinsAsEver, type JoinedPart } from "./joined-parts.ts";
export { wholeText, type TextCut, type TextCuts } from "./text-cut.ts";
export { TextCutter, type TextPlaces } from "./text-cutter.ts";
export { TextSplitter } from "./text-splitter.ts";
export type { Separator, SplitNumbers, TextUse } from "./text-use.ts";
export { registerReviver, transferSymbol, type Transfer, type Transferable } from "./transfer.ts";

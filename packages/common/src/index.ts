/** Error table, configuration table, ids, clock, random, logging, call sites. */
export { collectGarbage } from "./garbage-collector.ts";
export { blockCodecs, type BlockCodecName } from "./block-codecs.ts";
export { describeCallSite, describeFile, type CallSite } from "./call-site.ts";
export { captureCallSite } from "./capture-call-site.ts";
export { captureFrames } from "./capture-frames.ts";
export { filePath } from "./file-path.ts";
export { systemClock, VirtualClock, type Clock } from "./clock.ts";
export { commandLineConfiguration, setCommandLineConfiguration } from "./command-line-configuration.ts";
export { compileModule } from "./compile-module.ts";
export { Configuration, type ConfigurationSettings, type ConfigurationSources } from "./configuration.ts";
export { isDerived, type ConfigurationDescription, type DerivedDefault, type Machine } from "./configuration-row.ts";
export { configurationTable, type ConfigurationKey, type ConfigurationValue } from "./configuration-table.ts";
export type { ConfigurationType } from "./configuration-type.ts";
export { errorTable, type ErrorCode, type ErrorDescription } from "./error-table.ts";
export type {
  AccumulatorUpdate,
  ApplicationEndEvent,
  ApplicationStartEvent,
  BlocksEvent,
  ExecutorAddedEvent,
  ExecutorRemovedEvent,
  GloamEvent,
  JobEndEvent,
  JobStartEvent,
  StageCompletedEvent,
  StageSubmittedEvent,
  TaskEndEvent,
  TaskFailureSummary,
  TaskMetrics,
  TaskStartEvent,
} from "./gloam-event.ts";
export { GloamError, isGloamError, type GloamErrorOptions } from "./gloam-error.ts";
export { createIdentifier, createSequence } from "./identifier.ts";
export { loadConfiguration } from "./load-configuration.ts";
export { createLogger, type Logger, type LoggerOptions, type LogLevel } from "./logger.ts";
export { nearestName } from "./nearest-name.ts";
export { isGloamFile } from "./package-directory.ts";
export { readSourceMap, sourceMapUrl, type PositionMap } from "./position-map.ts";
export { createRandom, deriveSeed, type Random } from "./random.ts";
export { readSerializedError } from "./read-serialized-error.ts";
export {
  deserializeError,
  serializeError,
  type SerializedError,
  type SerializedErrorObject,
  type SerializedThrownValue,
} from "./serialized-error.ts";
export { stripTypes, usesUsing } from "./strip-types.ts";
export { TextSpan } from "./text-span.ts";
export { systemTimers, type Timers } from "./timers.ts";
export { setUserModuleLoader, userModuleLoader } from "./user-module-loader.ts";
export { withoutWarnings } from "./without-warnings.ts";

import { GloamContext } from "../context.ts";
import type { LocalPropertyValues } from "./local-properties.ts";
import { descriptionProperty, groupProperty } from "./job-properties.ts";

declare module "../context.ts" {
  interface GloamContext {
    /**
     * Sets group and description of the jobs that the calling function begins from now on, with what it calls and awaits. An action's own
     * `jobGroup` and `description` come before. Here and in `setLocalProperty` the caller of an async function sees it too,
     * where that sets it before its first `await`; `withProperties` has clear bounds.
     *
     * @param group Undefined for none.
     * @param description What the jobs are called where progress is shown; none when left out.
     *
     * @example
     * gc.setJobGroup("nightly", "sums");
     * gc.getLocalProperty("jobGroup.id"); // "nightly"
     */
    setJobGroup(group: string | undefined, description?: string): void;

    /**
     * Sets the description alone, as `setJobGroup` does.
     *
     * @example
     * gc.setJobDescription("sums");
     * gc.getLocalProperty("job.description"); // "sums"
     */
    setJobDescription(description: string | undefined): void;

    /**
     * Sets a property of the current asynchronous context, which jobs and their tasks see: `taskContext().getLocalProperty(name)`.
     * Gloam reads `jobGroup.id`, `job.description` and `scheduler.pool`. A stage that several jobs need has the properties of the
     * first of them.
     *
     * @param value Undefined takes it away.
     *
     * @example
     * gc.setLocalProperty("tenant", "a");
     * await gc.range(1).map(() => taskContext().getLocalProperty("tenant")).collect(); // ["a"]
     */
    setLocalProperty(name: string, value: string | undefined): void;

    /** A property of the current asynchronous context. */
    getLocalProperty(name: string): string | undefined;

    /**
     * Calls `action` with these properties beside those that hold here already, for what it does and begins; afterwards all is as
     * before. Gives what `action` gives.
     *
     * @param properties `undefined` takes a property away.
     *
     * @example
     * await gc.withProperties({ "scheduler.pool": "small" }, () => gc.range(3).count()); // 3
     */
    withProperties<R>(properties: LocalPropertyValues, action: () => R): R;

    /**
     * Cancels a job by its number, which `jobStart` events and the status tracker tell. Its action rejects with `GLOAM_JOB_CANCELLED`.
     * Nothing happens where it has ended.
     *
     * @example
     * const cancelling = setInterval(async () => {
     *   for (const job of await gc.statusTracker.getActiveJobIds()) gc.cancelJob(job);
     * }, 50);
     * await gc.range(1e15).forEach(() => {}).catch((error) => error.code); // "GLOAM_JOB_CANCELLED"
     * clearInterval(cancelling);
     */
    cancelJob(job: number, reason?: string): void;

    /**
     * Cancels every job that needs the stage.
     *
     * @example
     * const cancelling = setInterval(async () => {
     *   for (const stage of await gc.statusTracker.getActiveStageIds()) gc.cancelStage(stage);
     * }, 50);
     * await gc.range(1e15).forEach(() => {}).catch((error) => error.code); // "GLOAM_JOB_CANCELLED"
     * clearInterval(cancelling);
     */
    cancelStage(stage: number, reason?: string): void;
  }
}

GloamContext.prototype.setJobGroup = function (group, description): void {
  this.localProperties.set({ [groupProperty]: group, [descriptionProperty]: description });
};

GloamContext.prototype.setJobDescription = function (description): void {
  this.localProperties.set({ [descriptionProperty]: description });
};

GloamContext.prototype.setLocalProperty = function (name, value): void {
  this.localProperties.set({ [name]: value });
};

GloamContext.prototype.getLocalProperty = function (name): string | undefined {
  return this.localProperties.get(name);
};

GloamContext.prototype.withProperties = function <R>(properties: LocalPropertyValues, action: () => R): R {
  return this.localProperties.run(properties, action);
};

GloamContext.prototype.cancelJob = function (job, reason = `job ${job} was cancelled`): void {
  this.driver.cancelJob(job, reason);
};

GloamContext.prototype.cancelStage = function (stage, reason = `stage ${stage} was cancelled`): void {
  this.driver.cancelStage(stage, reason);
};

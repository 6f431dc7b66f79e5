import type { JobRequestProperties } from "@gloam/plan";
import type { ActionOptions } from "../options.ts";
import type { LocalProperties } from "./local-properties.ts";

/** Local properties that Gloam itself reads: Spark's names without `spark.`. */
export const groupProperty = "jobGroup.id";
export const descriptionProperty = "job.description";
const poolProperty = "scheduler.pool";

/** How a job is scheduled and shown: an action's own options come before local properties. */
export function jobProperties(options: ActionOptions, locals: LocalProperties): JobRequestProperties {
  const all = locals.all();
  const { [groupProperty]: group, [descriptionProperty]: description, [poolProperty]: pool, ...others } = all;
  return {
    pool: options.pool ?? pool,
    group: options.jobGroup ?? group,
    description: options.description ?? description,
    ...(Object.keys(others).length === 0 ? {} : { local: others }),
  };
}

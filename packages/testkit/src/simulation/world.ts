import type { Clock, Random } from "@gloam/common";
import type { Lineage } from "@gloam/scheduler/testing";
import type { BlockStores } from "./block-stores.ts";
import type { Ledger } from "./ledger.ts";
import type { SimulationSettings } from "./random-settings.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

/** What the parts of a simulation share. */
export interface World {
  readonly random: Random;
  readonly time: Clock;
  readonly lineage: Lineage;
  readonly stores: BlockStores;
  readonly ledger: Ledger;
  /** Executors that ever were, by name. */
  readonly processes: ReadonlyMap<string, SimulatedProcess>;
  readonly settings: SimulationSettings;
  /** How long a message takes. */
  readonly delay: () => number;
  /** Nothing fails any more. */
  readonly calm: boolean;
}

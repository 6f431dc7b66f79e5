import { Chaos } from "./chaos.ts";

/** Chaos in which blocks are on their way all the time: executors come, drain and evict far more often than they fail. */
export class RestlessChaos extends Chaos {
  override step(): void {
    const dice = this.random.nextInt(100);
    if (dice < 5) this.drain();
    else if (dice < 10) this.evict();
    else if (dice < 14 && [...this.executors.values()].filter(({ alive }) => alive).length < 5) this.addExecutor();
    else super.step();
  }
}

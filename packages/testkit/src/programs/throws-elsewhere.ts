// A function of another module that throws, in TypeScript whose lines move when it is compiled.
import { GloamContext } from "gloam";
import { check } from "./throwing-module.ts";

interface Order {
  readonly id: number;
}

const gc: GloamContext = new GloamContext({ master: "local[2]" });
try {
  const orders = gc.range(0, 10, { partitions: 5 }).map((id): Order => ({ id }));
  await orders.filter(({ id }) => check(id) === "small").count();
} catch (error) {
  const { message, callSite } = error as Error & { callSite: unknown };
  process.stdout.write(JSON.stringify({ message, callSite }));
} finally {
  await gc.stop();
}

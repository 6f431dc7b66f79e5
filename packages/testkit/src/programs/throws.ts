// A function that throws, in TypeScript whose lines move when it is compiled.
import { GloamContext } from "gloam";

interface Order {
  readonly id: number;
}

type Kind = "small" | "large";

const gc: GloamContext = new GloamContext({ master: "local[2]" });
try {
  const orders = gc.range(0, 10, { partitions: 5 }).map((id): Order => ({ id }));
  await orders.filter(({ id }) => check(id) === "small").count();
} catch (error) {
  const { code, message, cause, callSite } = error as Error & { code: string; callSite: unknown };
  process.stdout.write(JSON.stringify({ code, message, callSite, stack: (cause as Error).stack }));
} finally {
  await gc.stop();
}

function check(id: number): Kind {
  if (id === 7) throw new RangeError("order 7 is wrong");
  return "small";
}

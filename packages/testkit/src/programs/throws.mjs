// A function that throws, in plain JavaScript.
import { GloamContext } from "gloam";

const check = (id) => {
  if (id === 7) throw new RangeError("order 7 is wrong");
  return true;
};

const gc = new GloamContext({ master: "local[2]" });
try {
  const orders = gc.range(0, 10, { partitions: 5 }).map((id) => ({ id }));
  await orders.filter(({ id }) => check(id)).count();
} catch (error) {
  const { code, message, cause, callSite } = error;
  process.stdout.write(JSON.stringify({ code, message, callSite, stack: cause.stack }));
} finally {
  await gc.stop();
}

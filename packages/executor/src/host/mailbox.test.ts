import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Mailbox } from "./mailbox.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("what is sent in one go leaves as one message, before the next", async () => {
  const mailbox = new Mailbox<number, never>(() => undefined);
  const arrived: unknown[] = [];
  mailbox.theirs.on("message", (messages) => arrived.push(messages));
  mailbox.send(1);
  mailbox.send(2);
  await Promise.resolve();
  mailbox.send(3);
  while (arrived.length < 2) await turn();
  expect(arrived).toEqual([[1, 2], [3]]);
  mailbox.close();
});

test("what has arrived together is handed over in order, and answered by one message", async () => {
  const mailbox = new Mailbox<number, number>((message) => mailbox.send(message * 10));
  const answers: unknown[] = [];
  for (const message of [1, 2, 3]) mailbox.theirs.postMessage(message);
  mailbox.theirs.on("message", (messages) => answers.push(messages));
  while (answers.length === 0) await turn();
  expect(answers).toEqual([[10, 20, 30]]);
  mailbox.close();
});

test("nothing is handed over or sent once it is closed", async () => {
  const arrived: number[] = [];
  const mailbox = new Mailbox<number, number>((message) => {
    arrived.push(message);
    mailbox.close();
    mailbox.send(message);
  });
  const answers: unknown[] = [];
  mailbox.theirs.on("message", (messages) => answers.push(messages));
  mailbox.theirs.postMessage(1);
  mailbox.theirs.postMessage(2);
  await once(mailbox.theirs, "close");
  expect([arrived, answers]).toEqual([[1], []]);
});

test("what a thread sent before it ended is there", async () => {
  const arrived: number[] = [];
  const mailbox = new Mailbox<never, number>((message) => arrived.push(message));
  const code = `const { port } = require("node:worker_threads").workerData;
    for (let i = 0; i < 3; i++) port.postMessage(i);
    process.exit();`;
  const { theirs } = mailbox;
  const worker = new Worker(code, { eval: true, workerData: { port: theirs }, transferList: [theirs] });
  await once(worker, "exit");
  mailbox.receive();
  expect(arrived).toEqual([0, 1, 2]);
  mailbox.close();
});

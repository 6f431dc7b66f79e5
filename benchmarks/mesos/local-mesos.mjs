import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const gloam = fileURLToPath(new URL("../../packages/gloam/bin/gloam.mjs", import.meta.url));

/** Starts a real Mesos with two agents on this machine; gives its URL and what ends it. */
export async function startMesos() {
  const resources = "cpus:4;mem:16384;disk:16384";
  const child = spawn(
    process.execPath,
    [gloam, "mesos", "up", "--agents", "2", "--port", "0", "--resources", resources],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  const url = await new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const found = /mesos:\/\/[\d.:]+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`Mesos ended with ${code}`)));
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  };
  return { url, stop };
}

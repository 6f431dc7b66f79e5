import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const gloam = fileURLToPath(new URL("../../packages/gloam/bin/gloam.mjs", import.meta.url));

/** Starts a real Mesos with two agents on this machine; gives its URL, where it keeps what it knows, and what ends it. */
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
  const [, url, directory] = await new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const found = /(mesos:\/\/[\d.:]+).*its log\s+(\S+)\/mesos\.log/s.exec(text);
      if (found !== null) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`Mesos ended with ${code}`)));
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  };
  return { url, directory, stop };
}

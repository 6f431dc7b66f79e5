import { readdirSync, readFileSync } from "node:fs";

const kibibyte = 1024;

/**
 * Resident bytes of every process of a session, summed; pages that forks share count more than once. 0 where there is no
 * `/proc`.
 */
export function residentBytes(session) {
  let total = 0;
  for (const pid of processIds()) {
    const status = processOf(pid);
    if (status !== undefined && status.session === session) total += status.residentBytes;
  }
  return total;
}

function processIds() {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function processOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command stands in parentheses and may contain anything; fields 3 and up follow it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return { session: Number(fields[3]), residentBytes: resident === null ? 0 : Number(resident[1]) * kibibyte };
  } catch {
    return undefined; // it has ended in the meantime
  }
}

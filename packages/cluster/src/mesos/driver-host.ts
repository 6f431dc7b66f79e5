import { isIP, isIPv6 } from "node:net";
import { hostname, networkInterfaces } from "node:os";

/**
 * Address that executors on other machines reach this one at: its first one in the network. Where all masters are on this machine
 * by its loopback address, so are their agents.
 */
export function driverHost(masters: readonly string[], interfaces = networkInterfaces()): string {
  if (masters.every((master) => isLoopback(master.replace(/:\d+$/, "")))) return "127.0.0.1";
  const addresses = Object.values(interfaces).flatMap((each) => each ?? []);
  const outside = addresses.filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  return (outside.find(({ family }) => family === "IPv4") ?? outside[0])?.address ?? hostname();
}

/** Whether a host is this machine by its loopback address. */
function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIPv6(bare)) return bare === "::1";
  return isIP(bare) === 4 ? bare.startsWith("127.") : bare === "localhost";
}

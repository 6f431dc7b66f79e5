import { hostname, type NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import { driverHost } from "./driver-host.ts";

const own = (address: string, internal = false): NetworkInterfaceInfo => {
  const rest = { netmask: "", mac: "", internal, cidr: null };
  return address.includes(":")
    ? { address, family: "IPv6", scopeid: 0, ...rest }
    : { address, family: "IPv4", ...rest };
};
const loopback = { lo: [own("127.0.0.1", true), own("::1", true)] };

test.each([[["127.0.0.1:5050"]], [["localhost:5050", "127.1.2.3:5051"]], [["[::1]:5050"]]])(
  "of masters on this machine is this machine: %j",
  (masters) => {
    expect(driverHost(masters, { ...loopback, eth0: [own("10.0.0.5")] })).toBe("127.0.0.1");
  },
);

test.each([
  [["a.example:5050"]],
  [["127.0.0.1:5050", "10.0.0.1:5050"]],
  [["localhost.example:5050"]],
  [["[::2]:5050"]],
])("of masters elsewhere is an address in the network: %j", (masters) => {
  const interfaces = { ...loopback, eth0: [own("fe80::1"), own("2001:db8::5"), own("10.0.0.5")], eth1: undefined };
  expect(driverHost(masters, interfaces)).toBe("10.0.0.5");
});

test("is one of IPv6 where there is no other, and a name where there is none", () => {
  const masters = ["a.example:5050"];
  expect(driverHost(masters, { ...loopback, eth0: [own("fe80::1"), own("2001:db8::5")] })).toBe("2001:db8::5");
  expect(driverHost(masters, { ...loopback, eth0: [own("fe80::1")] })).toBe(hostname());
});

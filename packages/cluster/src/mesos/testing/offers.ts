import { checkMessage, type Attribute, type Offer, type Resource } from "@gloam/mesos";

/** What a test says of an offer; the rest goes without saying. */
export interface OfferWords extends Partial<Omit<Offer, "id" | "agent_id" | "resources">> {
  readonly agent?: string;
  readonly role?: string;
  readonly cpus?: number;
  readonly mem?: number;
  readonly resources?: readonly Resource[];
}

let made = 0;

/** An offer of an agent: of 4 cpus and 4 GiB where nothing else is said. */
export function offerOf(words: OfferWords = {}): Offer {
  const { agent = "agent-1", role = "*", cpus = 4, mem = 4096, resources, ...rest } = words;
  const offer: Offer = {
    id: { value: `offer-${++made}` },
    framework_id: { value: "framework-1" },
    agent_id: { value: agent },
    hostname: `${agent}.example`,
    allocation_info: { role },
    resources: resources ?? [scalar("cpus", cpus, role), scalar("mem", mem, role)],
    ...rest,
  };
  checkMessage("Offer", structuredClone(offer), { strict: true });
  return offer;
}

/** An unreserved resource, offered to a role. */
export function scalar(name: string, value: number, role = "*"): Resource {
  return { name, type: "SCALAR", scalar: { value }, allocation_info: { role } };
}

/** An attribute of text. */
export function textAttribute(name: string, value: string): Attribute {
  return { name, type: "TEXT", text: { value } };
}

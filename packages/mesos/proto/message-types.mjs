// The messages and enums that can be reached from some, with the names that they get in TypeScript.
import protobuf from "protobufjs";

/** Those whose `type` says which of their fields is there, by full name, with the types whose field may be left out. */
const unions = new Map([
  ["mesos.v1.scheduler.Call", ["REVIVE", "SUPPRESS"]],
  ["mesos.v1.scheduler.Event", []],
  ["mesos.v1.executor.Call", []],
  ["mesos.v1.executor.Event", []],
  ["mesos.v1.master.Call", []],
  ["mesos.v1.master.Response", ["GET_WEIGHTS", "LIST_FILES"]],
  ["mesos.v1.agent.Call", []],
  ["mesos.v1.agent.Response", ["GET_CONTAINERS", "LIST_FILES"]],
  ["mesos.v1.Offer.Operation", []],
]);

/** What the clients themselves add to each call. */
const addedByClients = new Set([
  "mesos.v1.scheduler.Call.framework_id",
  "mesos.v1.executor.Call.framework_id",
  "mesos.v1.executor.Call.executor_id",
]);

/** Packages whose names stand before those of their types; the others' are unique without. */
const prefixes = {
  scheduler: "Scheduler",
  executor: "Executor",
  master: "Master",
  agent: "Agent",
  maintenance: "Maintenance",
};

export class MessageTypes {
  /** In the order of the files and of their definitions. */
  all;
  #names = new Map();

  constructor(roots) {
    const reached = new Set();
    const visit = (type) => {
      if (reached.has(type)) return;
      reached.add(type);
      if (type instanceof protobuf.Type)
        for (const field of this.fieldsOf(type)) if (field.resolvedType) visit(field.resolvedType);
    };
    roots.forEach(visit);
    this.all = [...reached].sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
    for (const type of this.all) {
      const name = this.nameOf(type);
      const other = this.#names.get(name);
      if (other !== undefined) throw new Error(`${other.fullName} and ${type.fullName} are both called ${name}`);
      this.#names.set(name, type);
    }
  }

  get files() {
    return [...new Set(this.all.map((type) => this.fileOf(type)))];
  }

  /** `mesos.v1.scheduler.Call.Accept` is in `scheduler`, `mesos.v1.Offer` in `mesos`. */
  fileOf({ fullName }) {
    const third = fullName.split(".")[3];
    return fullName.startsWith(".mesos.v1.") && /^[a-z]/.test(third) ? third : "mesos";
  }

  /** `SchedulerCallAccept`, `OfferOperation`. */
  nameOf(type) {
    const [, , , ...parts] = type.fullName.split(".");
    return parts.map((part) => (/^[a-z]/.test(part) ? (prefixes[part] ?? "") : part)).join("");
  }

  fieldsOf(type) {
    return type.fieldsArray.map((field) => field.resolve()).filter((field) => !addedByClients.has(nameIn(field)));
  }

  /**
   * A union's cases: each value of its `type`, with the field of that name if there is one; and the fields of all.
   * Undefined for other messages.
   */
  unionOf(type) {
    const optional = unions.get(type.fullName.slice(1));
    if (optional === undefined) return undefined;
    const fields = this.fieldsOf(type);
    const values = Object.keys(type.fields.type.resolve().resolvedType.values).filter((value) => value !== "UNKNOWN");
    const cases = values.map((value) => ({
      value,
      field: fields.find(({ name }) => name === value.toLowerCase()),
      isOptional: optional.includes(value),
    }));
    const taken = new Set(cases.map((each) => each.field));
    const common = fields.filter((field) => field.name !== "type" && !taken.has(field));
    return { cases, common };
  }
}

function nameIn(field) {
  return `${field.parent.fullName.slice(1)}.${field.name}`;
}

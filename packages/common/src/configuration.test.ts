import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Configuration, type ConfigurationSources } from "./configuration.ts";
import { configurationTable, type ConfigurationKey } from "./configuration-table.ts";

const machine = { memory: 12 * 2 ** 30, temporaryDirectory: "/scratch" };
const resolve = (sources: ConfigurationSources = {}) => Configuration.resolve(sources, machine);

describe("defaults", () => {
  test("come from the table and the machine", () => {
    const configuration = resolve();
    expect(configuration.get("master")).toBe("local[*]");
    expect(configuration.get("executor.memory")).toBe(6 * 2 ** 30);
    expect(configuration.get("local.dir")).toBe("/scratch");
    expect(configuration.get("locality.wait")).toBe(3000);
    expect(configuration.origin("master")).toBeUndefined();
  });

  test("executor.memory is at most 8g", () => {
    const large = Configuration.resolve({}, { ...machine, memory: 2 ** 40 });
    expect(large.get("executor.memory")).toBe(8 * 2 ** 30);
  });

  test.each([
    ["local[4]", 1],
    ["local", 1],
    ["local-cluster[2,1,1024]", 4],
    ["mesos://host:5050", 4],
  ])("task.maxFailures of %s is %i", (master, failures) => {
    expect(resolve({ options: { master } }).get("task.maxFailures")).toBe(failures);
    expect(resolve({ options: { master, "task.maxFailures": 7 } }).get("task.maxFailures")).toBe(7);
  });

  test("every default is a value that its key takes when written out", () => {
    const configuration = resolve();
    for (const key of Object.keys(configurationTable) as ConfigurationKey[]) {
      const { type } = configurationTable[key];
      const value = configuration.get(key);
      expect([key, type.parse(type.format(value as never))]).toEqual([key, value]);
    }
  });
});

describe("precedence", () => {
  const sources = {
    options: { "app.name": "option" },
    commandLine: { "app.name": "command line" },
    environment: { GLOAM_CONF_APP_NAME: "environment" },
    file: { name: "gloam.config.json", contents: '{ "app.name": "file" }' },
  };

  test.each(["options", "commandLine", "environment", "file"] as const)("down to %s", (highest) => {
    const order = ["options", "commandLine", "environment", "file"] as const;
    const left = Object.fromEntries(order.slice(order.indexOf(highest)).map((source) => [source, sources[source]]));
    const expected = { options: "option", commandLine: "command line", environment: "environment", file: "file" };
    expect(resolve(left).get("app.name")).toBe(expected[highest]);
  });

  test("an option that is undefined does not hide what is below it", () => {
    expect(resolve({ ...sources, options: { "app.name": undefined } }).get("app.name")).toBe("command line");
  });

  test("origin names the source", () => {
    expect(resolve(sources).origin("app.name")).toBe("the options of the context");
    expect(resolve({ file: sources.file }).origin("app.name")).toBe("gloam.config.json");
  });
});

describe("environment", () => {
  test.each(["GLOAM_CONF_TASK_MAXFAILURES", "GLOAM_CONF_task_maxFailures", "GLOAM_CONF_Task_maxfailures"])(
    "%s",
    (variable) => {
      expect(resolve({ environment: { [variable]: "3" } }).get("task.maxFailures")).toBe(3);
    },
  );

  test("GLOAM_MASTER", () => {
    expect(resolve({ environment: { GLOAM_MASTER: "local[3]", PATH: "/bin" } }).get("master")).toBe("local[3]");
  });

  test("an empty variable counts as absent", () => {
    expect(resolve({ environment: { GLOAM_MASTER: "", GLOAM_CONF_APP_NAME: "" } }).get("master")).toBe("local[*]");
  });

  test("no two keys share a variable", () => {
    const variables = Object.keys(configurationTable).map((key) => key.replaceAll(".", "_").toLowerCase());
    expect(new Set(variables).size).toBe(variables.length);
  });
});

describe("values", () => {
  test.each([
    ["1g", 2 ** 30],
    ["1.5g", 1.5 * 2 ** 30],
    ["512m", 512 * 2 ** 20],
    ["512 MiB", 512 * 2 ** 20],
    ["100000k", 100000 * 1024],
    ["1t", 2 ** 40],
    ["134217728", 134217728],
    ["134217728b", 134217728],
    [134217728, 134217728],
  ])("%s of memory", (written, bytes) => {
    expect(resolve({ options: { "executor.memory": written } }).get("executor.memory")).toBe(bytes);
  });

  test.each([
    ["3s", 3000],
    ["1.5s", 1500],
    ["250ms", 250],
    ["250", 250],
    ["2m", 120_000],
    ["2min", 120_000],
    ["1h", 3_600_000],
    ["0", 0],
  ])("a wait of %s", (written, milliseconds) => {
    expect(resolve({ options: { "locality.wait": written } }).get("locality.wait")).toBe(milliseconds);
  });

  test.each([
    ["executor.memory", "lots", "'lots' is no value for 'executor.memory'"],
    ["executor.memory", "1m", "'1m' is no value for 'executor.memory'"],
    ["executor.memory", "1x", "no value"],
    ["executor.memory", -1, "no value"],
    ["executor.memory", null, "null is no value"],
    ["executor.memory", Number.NaN, "no value"],
    ["locality.wait", "3 fortnights", "no value"],
    ["locality.wait", "-3s", "no value"],
    ["speculation", "yes", "no value"],
    ["task.maxFailures", "0", "no value"],
    ["task.maxFailures", "2.5", "no value"],
    ["task.maxFailures", "", "no value"],
    ["memory.fraction", "1.5", "no value"],
    ["scheduler.mode", "LIFO", "no value"],
    ["master", "", "no value"],
    ["master", { url: "local" }, '{"url":"local"} is no value'],
  ])("%s does not take %j", (key, value, message) => {
    expect(() => resolve({ options: { [key]: value } })).toThrow(
      expect.objectContaining({ code: "GLOAM_CONF_INVALID", message: expect.stringContaining(message) as string }),
    );
  });

  test("words are taken in upper and lower case and given as the table has them", () => {
    expect(resolve({ options: { "scheduler.mode": "fair" } }).get("scheduler.mode")).toBe("FAIR");
    expect(resolve({ options: { progress: true } }).get("progress")).toBe("true");
  });

  test("bytes that are formatted are parsed to the same", () => {
    const { type } = configurationTable["executor.memory"];
    fc.assert(
      fc.property(fc.integer({ min: 2 ** 26, max: 2 ** 50 }), (bytes) => type.parse(type.format(bytes)) === bytes),
    );
  });

  test("a value that a higher source hides is checked too", () => {
    const environment = { GLOAM_CONF_TASK_MAXFAILURES: "many" };
    expect(() => resolve({ options: { "task.maxFailures": 2 }, environment })).toThrow("GLOAM_CONF_TASK_MAXFAILURES");
  });
});

describe("unknown keys", () => {
  test.each([
    [{ options: { "executor.memroy": "1g" } }, "executor.memory"],
    [{ options: { executorMemory: "1g" } }, "executor.memory"],
    [{ commandLine: { "task.maxfailure": "1" } }, "task.maxFailures"],
    [{ environment: { GLOAM_CONF_DEBUG_FREEZ: "true" } }, "debug.freeze"],
    [{ file: { name: "gloam.config.json", contents: '{"locality-wait": "1s"}' } }, "locality.wait"],
  ])("%j suggests %s", (sources, nearest) => {
    expect(() => resolve(sources)).toThrow(
      expect.objectContaining({ code: "GLOAM_CONF_UNKNOWN", hint: `did you mean '${nearest}'?` }),
    );
  });

  test("nothing near: no suggestion", () => {
    expect(() => resolve({ options: { "kubernetes.namespace": "x" } })).toThrow(
      expect.objectContaining({ hint: "see the configuration reference for the keys" }),
    );
  });

  test("names of Object.prototype are not keys", () => {
    expect(() => resolve({ options: { toString: "x" } })).toThrow("GLOAM_CONF_UNKNOWN");
  });
});

describe("text that need not be there", () => {
  test.each([
    ["mesos.role", "  ", undefined],
    ["mesos.image", " node:22 ", "node:22"],
    ["mesos.image", "", ""],
    ["mesos.image", 22, undefined],
    ["mesos.image", null, undefined],
    ["mesos.secretFile", " /etc/secret ", "/etc/secret"],
    ["mesos.secretFile", true, undefined],
  ] as const)("%s of %j", (key, written, value) => {
    const get = () => resolve({ options: { [key]: written } }).get(key);
    if (value === undefined) expect(get).toThrow("GLOAM_CONF_INVALID");
    else expect(get()).toBe(value);
  });

  test("is none by default", () => {
    expect(resolve().get("mesos.image")).toBe("");
    expect(resolve().get("mesos.secret")).toBe("");
  });
});

describe("ports", () => {
  test.each([0, "0", 1, "4040", 65_535])("%j is one", (port) => {
    expect(resolve({ options: { "driver.port": port } }).get("driver.port")).toBe(Number(port));
  });

  test.each([-1, "-1", 65_536, "70000", 1.5, "http", "", null])("%j is none", (port) => {
    expect(() => resolve({ options: { "driver.port": port } })).toThrow(
      expect.objectContaining({ hint: "give a whole number from 0 to 65535" }),
    );
  });
});

describe("a secret", () => {
  test.each([
    ["hunter2", "hunter2"],
    [" hunter2\n", "hunter2"],
    [1234, "1234"],
  ])("%j is %s", (written, secret) => {
    expect(resolve({ options: { "mesos.secret": written } }).get("mesos.secret")).toBe(secret);
  });

  test("is not shown, wherever it comes from", () => {
    const sources: readonly ConfigurationSources[] = [
      { options: { "mesos.secret": "hunter2" } },
      { commandLine: { "mesos.secret": "hunter2" } },
      { environment: { GLOAM_CONF_MESOS_SECRET: "hunter2" } },
      { file: { name: "gloam.config.json", contents: '{ "mesos.secret": "hunter2" }' } },
    ];
    for (const source of sources) {
      const configuration = resolve(source);
      expect(configuration.get("mesos.secret")).toBe("hunter2");
      expect(String(configuration)).toContain("mesos.secret=(not shown)\n");
      expect(String(configuration)).not.toContain("hunter2");
      expect(inspect(configuration, { depth: 9, showHidden: true })).not.toContain("hunter2");
      expect(JSON.stringify(configuration)).not.toContain("hunter2");
    }
    expect(String(resolve())).toContain("mesos.secret=\n");
  });

  test.each([{ value: "hunter2" }, ["hunter2"], true, null])("that is none is not shown either: %j", (written) => {
    expect(() => resolve({ options: { "mesos.secret": written } })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(
          "what is given is no value for 'mesos.secret' (from the options of the context)",
        ) as string,
      }),
    );
  });
});

test.each(["{", "[]", "null", "3"])("a file of %j is refused", (contents) => {
  expect(() => resolve({ file: { name: "gloam.config.json", contents } })).toThrow(
    /GLOAM_CONF_INVALID: gloam\.config\.json/,
  );
});

test("toString() shows values as users write them", () => {
  const text = String(resolve({ options: { "executor.memory": "2g" } }));
  expect(text).toContain("executor.memory=2g\n");
  const shown = text.split("\n").map((line) => line.replace(/=.*/, ""));
  expect(shown.sort()).toEqual(Object.keys(configurationTable).sort());
});

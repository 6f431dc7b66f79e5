import fc from "fast-check";
import { expect, test } from "vitest";
import { ClientHandshake } from "./client-handshake.ts";
import { encodeOpening, protocolVersion, type Introduction } from "./messages.ts";
import { createSecret } from "./secret.ts";
import { ServerHandshake } from "./server-handshake.ts";

const secret = createSecret();
const introduction: Introduction = { purpose: "control", from: "executor-1", to: "driver" };
const nothing = new Uint8Array();
const nonce = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function sides(differences: {
  readonly clientSecret?: Uint8Array;
  readonly introduction?: Introduction;
  readonly serverBinding?: Uint8Array;
  readonly admits?: (introduction: Introduction) => boolean;
}): { readonly client: ClientHandshake; readonly server: ServerHandshake } {
  const { clientSecret = secret, serverBinding = nothing, admits = () => true } = differences;
  return {
    client: new ClientHandshake({
      secret: clientSecret,
      introduction: differences.introduction ?? introduction,
      nonce: nonce(1),
      binding: nothing,
    }),
    server: new ServerHandshake({ secret, name: "driver", nonce: nonce(2), binding: serverBinding, admits }),
  };
}

test("two sides that know the secret agree on keys, one for each direction", () => {
  const { client, server } = sides({});
  const { answer, refused } = server.open(client.opening);
  expect(refused).toBeUndefined();
  const admitted = server.admit(client.introduce(answer));
  const keys = client.complete(admitted.answer);
  expect(admitted.introduction).toEqual(introduction);
  expect(keys.sending).toEqual(admitted.keys.receiving);
  expect(keys.receiving).toEqual(admitted.keys.sending);
  expect(keys.sending).not.toEqual(keys.receiving);
});

test.each([
  ["another secret", { clientSecret: createSecret() }],
  ["another name than the server's", { introduction: { ...introduction, to: "executor-2" } }],
  ["somebody who is not expected", { admits: () => false }],
  ["another TLS connection", { serverBinding: nonce(3) }],
])("%s is refused", (_what, differences) => {
  const { client, server } = sides(differences);
  const { answer } = server.open(client.opening);
  const proof = client.introduce(answer);
  expect(() => server.admit(proof)).toThrow(expect.objectContaining({ code: "GLOAM_AUTH_FAILED" }));
});

test("a recorded proof is worth nothing to a server with another nonce", () => {
  const { client, server } = sides({});
  const proof = client.introduce(server.open(client.opening).answer);
  const later = new ServerHandshake({ secret, name: "driver", nonce: nonce(9), binding: nothing, admits: () => true });
  later.open(client.opening);
  expect(() => later.admit(proof)).toThrow(expect.objectContaining({ code: "GLOAM_AUTH_FAILED" }));
});

test("a server that does not know the secret is found out", () => {
  const { client, server } = sides({});
  client.introduce(server.open(client.opening).answer);
  for (const answer of [nonce(0), nothing, client.opening]) {
    expect(() => client.complete(answer)).toThrow(expect.objectContaining({ code: "GLOAM_AUTH_FAILED" }));
  }
});

test("another version is answered, so that both sides can say so, and refused", () => {
  const older = encodeOpening({ version: protocolVersion - 1, nonce: nonce(1) });
  const { client, server } = sides({});
  const { answer, refused } = server.open(older);
  expect(answer.length).toBe(older.length);
  expect(refused).toMatchObject({ code: "GLOAM_PROTOCOL_VERSION" });
  expect(() => client.introduce(older)).toThrow(expect.objectContaining({ code: "GLOAM_PROTOCOL_VERSION" }));
});

test("a changed version does not go unnoticed", () => {
  const { client, server } = sides({});
  const { answer } = server.open(client.opening);
  const other = Uint8Array.from(answer);
  other[other.length - 1]! ^= 1;
  expect(() => server.admit(client.introduce(other))).toThrow(expect.objectContaining({ code: "GLOAM_AUTH_FAILED" }));
});

test("any bytes are refused with a code", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
      const { client, server } = sides({});
      expect(() => server.open(first)).toThrow(expect.objectContaining({ code: "GLOAM_PROTOCOL_VERSION" }));
      server.open(client.opening);
      expect(() => server.admit(second)).toThrow(expect.objectContaining({ code: "GLOAM_AUTH_FAILED" }));
      expect(() => client.introduce(first)).toThrow(expect.objectContaining({ code: "GLOAM_PROTOCOL_VERSION" }));
    }),
    { numRuns: 5000 },
  );
});

test("every single changed bit of a proof is refused", () => {
  const { client, server } = sides({});
  const proof = client.introduce(server.open(client.opening).answer);
  for (let bit = 0; bit < proof.length * 8; bit++) {
    const changed = Uint8Array.from(proof);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => server.admit(changed)).toThrow(expect.objectContaining({ code: "GLOAM_AUTH_FAILED" }));
  }
});

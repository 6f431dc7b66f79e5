import { secretBytes } from "./secret.ts";

/** What is spoken here. Another version is refused: driver and executors are of one build. */
export const protocolVersion = 2;

/** Longest handshake message in bytes: what is longer is none. */
export const longestHandshake = 256;

const magic = Buffer.from("GLOAM", "latin1");
const openingBytes = magic.length + 2 + secretBytes;
const longestName = 96;

/** What a connection is for. */
const purposes = ["control", "blocks"] as const;
export type Purpose = (typeof purposes)[number];

/** Who speaks to whom, and what for. Names are ids of executors, or `driver`. */
export interface Introduction {
  readonly purpose: Purpose;
  readonly from: string;
  readonly to: string;
}

/** The first message of either side: version and nonce. */
export interface Opening {
  readonly version: number;
  readonly nonce: Uint8Array;
}

export function encodeOpening({ version, nonce }: Opening): Buffer {
  const bytes = Buffer.alloc(openingBytes);
  magic.copy(bytes);
  bytes.writeUInt16BE(version, magic.length);
  bytes.set(nonce, magic.length + 2);
  return bytes;
}

/** Undefined where the bytes are no opening of any version. */
export function decodeOpening(bytes: Uint8Array): Opening | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length !== openingBytes || !view.subarray(0, magic.length).equals(magic)) return undefined;
  return { version: view.readUInt16BE(magic.length), nonce: view.subarray(magic.length + 2) };
}

/** @throws RangeError for a name that is empty, longer than 96 bytes, or not ASCII. */
export function encodeIntroduction({ purpose, from, to }: Introduction): Buffer {
  return Buffer.concat([Buffer.from([purposes.indexOf(purpose)]), encodeName(from), encodeName(to)]);
}

/** An introduction and the proof behind it; undefined where the bytes are none. */
export function decodeIntroduction(
  bytes: Uint8Array,
): { readonly introduction: Introduction; readonly said: Uint8Array; readonly proof: Uint8Array } | undefined {
  const end = bytes.length - secretBytes;
  const purpose = purposes[bytes[0] ?? purposes.length];
  const from = decodeName(bytes, 1, end);
  if (purpose === undefined || from === undefined) return undefined;
  const to = decodeName(bytes, from.end, end);
  if (to?.end !== end) return undefined;
  return {
    introduction: { purpose, from: from.name, to: to.name },
    said: bytes.subarray(0, end),
    proof: bytes.subarray(end),
  };
}

function encodeName(name: string): Buffer {
  if (!isName(name)) throw new RangeError(`'${name}' cannot name a side of a connection`);
  return Buffer.from(`${String.fromCharCode(name.length)}${name}`, "latin1");
}

function decodeName(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly name: string; readonly end: number } | undefined {
  const length = bytes[at];
  if (length === undefined || at + 1 + length > end) return undefined;
  const name = Buffer.from(bytes.subarray(at + 1, at + 1 + length)).toString("latin1");
  return isName(name) ? { name, end: at + 1 + length } : undefined;
}

function isName(name: string): boolean {
  return name.length <= longestName && /^[\x21-\x7e]+$/.test(name);
}

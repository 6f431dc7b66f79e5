import type { GloamError } from "@gloam/common";
import { timingSafeEqual } from "node:crypto";
import { notAuthenticated, otherVersion } from "./handshake-failure.ts";
import {
  decodeIntroduction,
  decodeOpening,
  encodeOpening,
  longestHandshake,
  protocolVersion,
  type Introduction,
} from "./messages.ts";
import { proofOf, sessionKey } from "./secret.ts";
import type { SessionKeys } from "./session-keys.ts";

/** What a listening side needs to let others in. */
export interface ServerIdentity {
  readonly secret: Uint8Array;
  /** Its own name: who means somebody else is refused. */
  readonly name: string;
  /** 32 random bytes, new for each connection. */
  readonly nonce: Uint8Array;
  /** What only the two ends of this TLS connection know; empty without TLS. */
  readonly binding: Uint8Array;
  /** Whether one who knows the secret may come in. */
  readonly admits: (introduction: Introduction) => boolean;
}

/**
 * The listening side of a handshake, a pure machine: bytes in, bytes out. The other side proves first, so that who does not
 * know the secret gets nothing that was computed from it.
 */
export class ServerHandshake {
  readonly #identity: ServerIdentity;
  #said: Uint8Array[] = [];

  constructor(identity: ServerIdentity) {
    this.#identity = identity;
  }

  /**
   * Takes the client's opening.
   * @returns The answer, and why the client is refused all the same: one of another version gets it too, and can then say what is wrong.
   * @throws GloamError `GLOAM_PROTOCOL_VERSION` for what is no opening.
   */
  open(bytes: Uint8Array): { readonly answer: Uint8Array; readonly refused: GloamError | undefined } {
    const opening = decodeOpening(bytes);
    if (opening === undefined) throw otherVersion(undefined, protocolVersion);
    const answer = encodeOpening({ version: protocolVersion, nonce: this.#identity.nonce });
    this.#said = [Uint8Array.from(bytes), answer, this.#identity.binding];
    return {
      answer,
      refused: opening.version === protocolVersion ? undefined : otherVersion(opening.version, protocolVersion),
    };
  }

  /**
   * Takes the client's introduction with its proof.
   * @throws GloamError `GLOAM_AUTH_FAILED`
   */
  admit(bytes: Uint8Array): {
    readonly answer: Uint8Array;
    readonly introduction: Introduction;
    readonly keys: SessionKeys;
  } {
    const { secret, name, admits } = this.#identity;
    const decoded = bytes.length > longestHandshake ? undefined : decodeIntroduction(bytes);
    if (decoded === undefined) throw notAuthenticated("what wants to connect does not introduce itself as it must");
    const said = [...this.#said, Uint8Array.from(decoded.said)];
    const expected = proofOf(secret, "gloam client", said);
    const { introduction } = decoded;
    if (!timingSafeEqual(expected, decoded.proof))
      throw notAuthenticated("what wants to connect does not know the secret");
    if (introduction.to !== name) {
      throw notAuthenticated(`'${introduction.from}' looks for '${introduction.to}', which is not here`);
    }
    if (!admits(introduction)) throw notAuthenticated(`'${introduction.from}' is not expected here`);
    const answer = proofOf(secret, "gloam server", [...said, expected]);
    return {
      answer,
      introduction,
      keys: {
        sending: sessionKey(secret, "gloam server frames", said),
        receiving: sessionKey(secret, "gloam client frames", said),
      },
    };
  }
}

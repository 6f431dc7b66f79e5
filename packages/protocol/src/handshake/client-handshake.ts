import { timingSafeEqual } from "node:crypto";
import { notAuthenticated, otherVersion } from "./handshake-failure.ts";
import { decodeOpening, encodeIntroduction, encodeOpening, protocolVersion, type Introduction } from "./messages.ts";
import { proofOf, secretBytes, sessionKey } from "./secret.ts";
import type { SessionKeys } from "./session-keys.ts";

/** What a connecting side needs. */
export interface ClientIdentity {
  readonly secret: Uint8Array;
  readonly introduction: Introduction;
  /** 32 random bytes, new for each connection. */
  readonly nonce: Uint8Array;
  /** What only the two ends of this TLS connection know; empty without TLS. */
  readonly binding: Uint8Array;
}

/** The connecting side of a handshake, a pure machine: bytes in, bytes out. */
export class ClientHandshake {
  readonly #identity: ClientIdentity;
  readonly #opening: Uint8Array;
  #said: Uint8Array[] = [];
  #proof: Uint8Array = new Uint8Array();

  constructor(identity: ClientIdentity) {
    this.#identity = identity;
    this.#opening = encodeOpening({ version: protocolVersion, nonce: identity.nonce });
  }

  /** The first message. */
  get opening(): Uint8Array {
    return this.#opening;
  }

  /**
   * Takes the server's opening, and gives the introduction with its proof.
   * @throws GloamError `GLOAM_PROTOCOL_VERSION`
   */
  introduce(bytes: Uint8Array): Uint8Array {
    const opening = decodeOpening(bytes);
    if (opening?.version !== protocolVersion) throw otherVersion(opening?.version, protocolVersion);
    const { secret, introduction, binding } = this.#identity;
    const encoded = encodeIntroduction(introduction);
    this.#said = [this.#opening, Uint8Array.from(bytes), binding, encoded];
    this.#proof = proofOf(secret, "gloam client", this.#said);
    return Buffer.concat([encoded, this.#proof]);
  }

  /**
   * Takes the server's proof.
   * @throws GloamError `GLOAM_AUTH_FAILED`
   */
  complete(bytes: Uint8Array): SessionKeys {
    const { secret, introduction } = this.#identity;
    const expected = proofOf(secret, "gloam server", [...this.#said, this.#proof]);
    if (bytes.length !== secretBytes || !timingSafeEqual(expected, bytes)) {
      throw notAuthenticated(`what answers as '${introduction.to}' does not know the secret`);
    }
    return {
      sending: sessionKey(secret, "gloam client frames", this.#said),
      receiving: sessionKey(secret, "gloam server frames", this.#said),
    };
  }
}

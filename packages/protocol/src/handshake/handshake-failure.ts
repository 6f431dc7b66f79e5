import { GloamError } from "@gloam/common";

/** The other side speaks another version, or no version of this protocol. */
export function otherVersion(theirs: number | undefined, ours: number): GloamError {
  return new GloamError(
    "GLOAM_PROTOCOL_VERSION",
    theirs === undefined
      ? "the other side of a connection is no driver or executor of Gloam"
      : `the other side of a connection speaks version ${theirs} of the protocol, and this one ${ours}`,
  );
}

/** The other side does not know the secret, or is not who was expected. Which of it is not said: whoever is refused learns nothing. */
export function notAuthenticated(detail: string): GloamError {
  return new GloamError("GLOAM_AUTH_FAILED", detail);
}

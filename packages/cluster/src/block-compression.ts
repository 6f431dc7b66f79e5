import type { BlockCodecName, Configuration } from "@gloam/common";
import { blockCodec } from "@gloam/executor";

/**
 * What blocks are compressed with on their way between processes.
 * @throws GloamError `GLOAM_CONF_INVALID` for what this Node.js has not: said here, where there is somebody to tell.
 */
export function blockCompression(configuration: Configuration): BlockCodecName | undefined {
  const compression = configuration.get("network.compression");
  return compression === "none" ? undefined : blockCodec(compression).name;
}

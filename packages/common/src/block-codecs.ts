/** What blocks may be compressed with on their way between processes; which of them a Node.js has is another question. */
export const blockCodecs = ["deflate", "zstd"] as const;

export type BlockCodecName = (typeof blockCodecs)[number];

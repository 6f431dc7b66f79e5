import { isGloamError } from "@gloam/common";
import type { ChunkPlace, SegmentReader } from "@gloam/storage";
import { mostChunks, type BlockPart, type PartAnswer } from "./block-messages.ts";
import { layOut, type LaidOut } from "./chunk-layout.ts";
import type { OutputFiles } from "./output-files.ts";
import type { ServedOutput, ServedOutputs } from "./served-outputs.ts";

/** Bytes of chunks in a message, about: one that is larger goes alone. */
const messageBytes = 1024 * 1024;
/** A larger chunk does not fit a message of a connection. */
const mostChunkBytes = 250 * 1024 * 1024;

type Failed = Extract<PartAnswer, { readonly failure: unknown }>;

/** A request that is being answered. */
export class OpenRequest {
  readonly id: number;
  readonly parts: readonly BlockPart[];
  /** The part from which on it is not answered. */
  part = 0;
  /** The chunk of that part, where it has begun. */
  chunk = 0;
  /** Parts whose reading failed, and at which chunk. */
  readonly failed = new Map<number, { readonly chunk: number; readonly answer: Failed }>();

  constructor(id: number, parts: readonly BlockPart[]) {
    this.id = id;
    this.parts = parts;
  }

  get isDone(): boolean {
    return this.part === this.parts.length;
  }
}

/** One message of answers, and the outputs whose memory its attachments show. */
export interface BuiltAnswer {
  readonly answers: readonly PartAnswer[];
  readonly attachments: readonly Uint8Array[];
  readonly held: ReadonlySet<ServedOutput>;
}

interface PlannedChunk {
  readonly part: number;
  readonly chunk: number;
  readonly place: ChunkPlace;
}

/** What goes into a message. */
interface Plan {
  readonly answers: PartAnswer[];
  readonly chunks: PlannedChunk[];
  readonly lengths: number[];
  readonly held: Set<ServedOutput>;
  bytes: number;
}

/** A chunk in a file, and where it shall go. */
interface Reading {
  readonly chunk: PlannedChunk;
  readonly place: Extract<ChunkPlace, { readonly bytes: undefined }>;
  readonly target: Uint8Array;
}

/** Answers requests a message at a time. */
export class AnswerBuilder {
  readonly #outputs: ServedOutputs;
  readonly #files: OutputFiles;

  constructor(outputs: ServedOutputs, files: OutputFiles) {
    this.#outputs = outputs;
    this.#files = files;
  }

  /**
   * The next message for a request, which moves on; its outputs are held. At once where all chunks are in memory; those in files
   * are read together.
   */
  next(request: OpenRequest): BuiltAnswer | Promise<BuiltAnswer> {
    const { part, chunk } = request;
    const plan = this.#plan(request);
    const { answers, held } = plan;
    const readings: Reading[] = [];
    const attachments = layOut(plan.lengths).map((laidOut) => attachmentOf(laidOut, plan, readings));
    for (const output of held) output.hold();
    if (readings.length === 0) return { answers, attachments, held };
    return this.#read(request, readings).then((failed) => {
      if (!failed) return { answers, attachments, held };
      // Again, without what could not be read.
      for (const output of held) output.letGo();
      request.part = part;
      request.chunk = chunk;
      return this.next(request);
    });
  }

  #plan(request: OpenRequest): Plan {
    const plan: Plan = { answers: [], chunks: [], lengths: [], held: new Set(), bytes: 0 };
    for (; !request.isDone; request.part++, request.chunk = 0) {
      const { part, parts } = request;
      const asked = parts[part]!;
      const output = this.#outputs.find(asked);
      const segment = output && this.#outputs.open(output, asked.segment);
      if (output === undefined || segment === undefined) {
        plan.answers.push(missing(part, `output ${asked.output} of store ${asked.store} is not here`));
      } else if (asked.to > segment.chunks) {
        plan.answers.push(missing(part, `segment ${asked.segment} has only ${segment.chunks} chunks`));
      } else if (!takeChunks(plan, request, asked, segment, output)) return plan;
    }
    return plan;
  }

  /** Whether a chunk could not be read. */
  async #read(request: OpenRequest, readings: readonly Reading[]): Promise<boolean> {
    let failed = false;
    await Promise.all(
      readings.map(async ({ chunk: { part, chunk }, place, target }) => {
        try {
          await this.#files.read(place, target);
        } catch (error) {
          failed = true;
          if (chunk < (request.failed.get(part)?.chunk ?? Infinity)) {
            request.failed.set(part, { chunk, answer: failedAnswer(part, error) });
          }
        }
      }),
    );
    return failed;
  }
}

/** Takes what fits of a part; false when the message is full. */
function takeChunks(
  plan: Plan,
  request: OpenRequest,
  asked: BlockPart,
  segment: SegmentReader,
  output: ServedOutput,
): boolean {
  const { part } = request;
  const failed = request.failed.get(part);
  const from = Math.max(asked.from, request.chunk);
  const lengths: number[] = [];
  for (let chunk = from; chunk < asked.to; chunk++) {
    const length = segment.chunkBytes(chunk);
    if ((plan.bytes > 0 && plan.bytes + length > messageBytes) || plan.lengths.length === mostChunks) {
      request.chunk = chunk;
      return false;
    }
    const place = failed?.chunk === chunk ? failed.answer : placeOf(segment, part, chunk, length);
    if ("failure" in place) {
      plan.answers.push(place);
      return true;
    }
    if (lengths.length === 0) {
      plan.held.add(output);
      plan.answers.push({ part, from, lengths });
    }
    lengths.push(length);
    plan.bytes += length;
    plan.lengths.push(length);
    plan.chunks.push({ part, chunk, place });
  }
  return true;
}

function placeOf(segment: SegmentReader, part: number, chunk: number, length: number): ChunkPlace | Failed {
  if (length > mostChunkBytes)
    return missing(part, `chunk ${chunk} of ${length} bytes is larger than a message can be`);
  try {
    return segment.place(chunk);
  } catch (error) {
    return failedAnswer(part, error);
  }
}

/** The chunk in place, or a copy of several small ones; of those in files there is only the room. */
function attachmentOf({ first, offsets, bytes }: LaidOut, plan: Plan, readings: Reading[]): Uint8Array {
  const only = offsets.length === 1 ? plan.chunks[first]!.place.bytes : undefined;
  if (only !== undefined) return only;
  // Gaps must not show what was in the memory before.
  const attachment = offsets.length === 1 ? Buffer.allocUnsafeSlow(bytes) : new Uint8Array(bytes);
  offsets.forEach((offset, index) => {
    const chunk = plan.chunks[first + index]!;
    const { place } = chunk;
    if (place.bytes !== undefined) attachment.set(place.bytes, offset);
    else readings.push({ chunk, place, target: attachment.subarray(offset, offset + place.length) });
  });
  return attachment;
}

function missing(part: number, detail: string): Failed {
  return { part, failure: "missing", detail };
}

function failedAnswer(part: number, error: unknown): Failed {
  const isCorrupt = isGloamError(error) && error.code === "GLOAM_BLOCK_CORRUPT";
  const detail = error instanceof Error ? error.message : String(error);
  return { part, failure: isCorrupt ? "corrupt" : "missing", detail };
}

import { isGloamError } from "@gloam/common";
import type { ChunkPlace, SegmentReader } from "@gloam/storage";
import { mostChunks, type BlockPart, type PartAnswer } from "./block-messages.ts";
import { layOut, type LaidOut } from "./chunk-layout.ts";
import { GatheringMemory } from "./gathering-memory.ts";
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
  /** Whether its answers may be compressed: each has one attachment at most then. */
  readonly isCompressible: boolean;
  /** The part from which on it is not answered. */
  part = 0;
  /** The chunk of that part, where it has begun. */
  chunk = 0;
  /** Parts whose reading failed, and at which chunk. */
  readonly failed = new Map<number, { readonly chunk: number; readonly answer: Failed }>();

  constructor(id: number, parts: readonly BlockPart[], isCompressible: boolean) {
    this.id = id;
    this.parts = parts;
    this.isCompressible = isCompressible;
  }

  get isDone(): boolean {
    return this.part === this.parts.length;
  }
}

/** One message of answers. */
export interface BuiltAnswer {
  readonly answers: readonly PartAnswer[];
  /** Views of outputs' memory, and of memory that will be used again. */
  readonly attachments: readonly Uint8Array[];
  /** To be called when nobody looks at the attachments any more. */
  readonly letGo: () => void;
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
  readonly #memory = new GatheringMemory();

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
    const layout = layOut(plan.lengths, request.isCompressible);
    const gathered = this.#memory.take(
      layout.reduce((sum, each) => sum + (isGathered(each, plan) ? aligned(each.bytes) : 0), 0),
    );
    const readings: Reading[] = [];
    let used = 0;
    const attachments = layout.map((each) => {
      if (!isGathered(each, plan)) return plan.chunks[each.first]!.place.bytes!;
      const attachment = gathered.bytes.subarray(used, used + each.bytes);
      used += aligned(each.bytes);
      gather(attachment, each, plan, readings);
      return attachment;
    });
    for (const output of plan.held) output.hold();
    this.#outputs.settle();
    const letGo = (): void => {
      for (const output of plan.held) output.letGo();
      gathered.letGo();
    };
    const built = { answers: plan.answers, attachments, letGo };
    if (readings.length === 0) return built;
    return this.#read(request, readings).then((failed) => {
      if (!failed) return built;
      // Again, without what could not be read.
      letGo();
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

/** Whether its chunks have to be put together first: several small ones, or one that lies in a file. */
function isGathered({ first, offsets }: LaidOut, plan: Plan): boolean {
  return offsets.length > 1 || plan.chunks[first]!.place.bytes === undefined;
}

/** Copies the chunks; of those in files there is only the room. */
function gather(target: Uint8Array, { first, offsets }: LaidOut, plan: Plan, readings: Reading[]): void {
  offsets.forEach((offset, index) => {
    const chunk = plan.chunks[first + index]!;
    const { place } = chunk;
    const end = offset + plan.lengths[first + index]!;
    if (place.bytes !== undefined) target.set(place.bytes, offset);
    else readings.push({ chunk, place, target: target.subarray(offset, end) });
    // Gaps do not show what was in the memory before.
    target.fill(0, end, offsets[index + 1] ?? end);
  });
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function missing(part: number, detail: string): Failed {
  return { part, failure: "missing", detail };
}

function failedAnswer(part: number, error: unknown): Failed {
  const isCorrupt = isGloamError(error) && error.code === "GLOAM_BLOCK_CORRUPT";
  const detail = error instanceof Error ? error.message : String(error);
  return { part, failure: isCorrupt ? "corrupt" : "missing", detail };
}

import type { Connection, Delivery } from "@gloam/protocol";
import { AnswerCompressor } from "./answer-compressor.ts";
import { OpenRequest, type AnswerBuilder, type BuiltAnswer } from "./answer-builder.ts";
import type { BlockCodec } from "./block-codec.ts";
import { decodeRequest, encodeAnswer, invalidBlocks } from "./block-messages.ts";
import { bytesOf } from "./traffic-counters.ts";

/** What of a connection is used here. */
export type ServingSide = Pick<
  Connection,
  "send" | "waiting" | "traffic" | "observe" | "pause" | "resume" | "terminate" | "introduction"
>;

/** What a served connection tells its owner. */
export interface ServedConnectionObserver {
  /** Bytes of chunks have been sent: so many, as they were sent. */
  onSent(bytes: number): void;
  onClose(): void;
}

/** No further message while so many bytes wait to be sent. */
export const mostWaiting = 4 * 1024 * 1024;
/** Nothing more is read from a connection that has so many parts open. */
const mostOpenParts = 64 * 1024;
/** Messages in one turn of the event loop. */
const messagesAtOnce = 4;

/**
 * Answers what comes over one connection. Requests take turns, a message each, so that a small one does not wait for all of a
 * large one. Holds one message in the making and `mostWaiting` bytes and one message on their way, however slowly the other
 * side reads.
 */
export class ServedConnection {
  readonly #connection: ServingSide;
  readonly #builder: AnswerBuilder;
  readonly #codec: BlockCodec | undefined;
  readonly #compressor: AnswerCompressor | undefined;
  readonly #observer: ServedConnectionObserver;
  /** The next to be answered first. */
  readonly #requests = new Map<number, OpenRequest>();
  #openParts = 0;
  #sending = 0;
  #pumping = false;
  #scheduled = false;
  #paused = false;
  #ended = false;
  /** Changes with every request and everything that was sent. */
  #progress = 0;
  #progressSeen = 0;

  constructor(
    connection: ServingSide,
    builder: AnswerBuilder,
    codec: BlockCodec | undefined,
    observer: ServedConnectionObserver,
  ) {
    this.#connection = connection;
    this.#builder = builder;
    this.#codec = codec;
    this.#compressor = codec && new AnswerCompressor(codec);
    this.#observer = observer;
  }

  /** Begins to answer. */
  serve(): void {
    this.#connection.observe({
      onMessage: (delivery) => this.#receive(delivery),
      onClose: () => this.#end(),
    });
  }

  /** Whether a connection has answers under way that the other side does not take. */
  get isBusy(): boolean {
    return this.#sending > 0 || this.#requests.size > 0;
  }

  /** Whether anything has moved since the last time that this was asked. */
  hasMoved(): boolean {
    const moved = this.#progress !== this.#progressSeen;
    this.#progressSeen = this.#progress;
    return moved;
  }

  terminate(): void {
    this.#connection.terminate();
  }

  #receive({ message, attachments }: Delivery): void {
    if (attachments.length > 0) throw invalidBlocks("a request has no attachments");
    const request = decodeRequest(message);
    this.#progress++;
    if ("cancel" in request) {
      this.#finish(request.cancel);
      return;
    }
    if (this.#requests.has(request.id)) throw invalidBlocks(`request ${request.id} is open already`);
    const { id, codec, parts } = request;
    if (codec !== undefined && codec !== this.#codec?.name) {
      throw invalidBlocks(`answers compressed with ${codec} are not to be had here`);
    }
    this.#requests.set(id, new OpenRequest(id, parts, codec !== undefined));
    this.#openParts += parts.length;
    if (this.#openParts > mostOpenParts && !this.#paused) {
      this.#paused = true;
      this.#connection.pause();
    }
    this.#schedule();
  }

  /** In a turn of its own: requests that come together are answered together. */
  #schedule(): void {
    if (this.#scheduled || this.#ended) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    for (let messages = 0; !this.#ended && this.#connection.waiting < mostWaiting; messages++) {
      const [request] = this.#requests.values();
      if (request === undefined) break;
      if (messages === messagesAtOnce) {
        this.#schedule();
        break;
      }
      const built = this.#builder.next(request);
      this.#send(request, built instanceof Promise ? await built : built);
    }
    this.#pumping = false;
  }

  #send(request: OpenRequest, { answers, attachments, letGo }: BuiltAnswer): void {
    // It may have ended, or the request been cancelled, while files were read.
    if (this.#ended || this.#requests.get(request.id) !== request) {
      letGo();
      return;
    }
    if (request.isDone) this.#finish(request.id);
    else {
      // The others first.
      this.#requests.delete(request.id);
      this.#requests.set(request.id, request);
    }
    this.#sending++;
    const [attachment] = attachments;
    const compressed =
      request.isCompressible && attachment !== undefined ? this.#compressor?.compress(attachment) : undefined;
    // What was compressed is not looked at any more.
    if (compressed !== undefined) letGo();
    const sent = compressed === undefined ? attachments : [compressed];
    const bytes = bytesOf(sent);
    const answer = { id: request.id, compressed: compressed && (true as const), parts: answers };
    this.#connection.send(encodeAnswer(answer), sent, () => {
      if (compressed === undefined) letGo();
      this.#observer.onSent(bytes);
      this.#sending--;
      this.#progress++;
      this.#schedule();
    });
  }

  #finish(id: number): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    this.#openParts -= request.parts.length;
    if (this.#paused && this.#openParts <= mostOpenParts / 2) {
      this.#paused = false;
      this.#connection.resume();
    }
  }

  #end(): void {
    this.#ended = true;
    this.#requests.clear();
    this.#observer.onClose();
  }
}

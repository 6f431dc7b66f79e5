import { GloamError } from "@gloam/common";
import { controlBounds, packMessage, unpackMessage, type Channel, type ChannelObserver } from "@gloam/protocol";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { Parcel, Way } from "./way.ts";

export interface ChannelOptions<Received> {
  readonly process: SimulatedProcess;
  /** Makes a message of what arrives, as a real channel does. */
  readonly read: (message: unknown) => Received;
  readonly onReceived: (message: Received) => void;
  /** A receiver could not take a message: the connection ends then, if this does not throw. */
  readonly onInvalid: (error: unknown) => void;
}

/** One end of a simulated connection. Messages pass through their bytes and the checks of the real channels. */
export class SimulatedChannel<Sent, Received> implements Channel<Sent, Received> {
  /** What has been told to the observer in the end. */
  ended: { readonly error: GloamError | undefined } | undefined;
  readonly #options: ChannelOptions<Received>;
  readonly #out: Way;
  readonly #in: Way;
  #observer: ChannelObserver<Received> | undefined;
  #early: Received[] = [];
  #closing = false;

  constructor(options: ChannelOptions<Received>, out: Way, back: Way) {
    this.#options = options;
    this.#out = out;
    this.#in = back;
    back.leadTo((parcel) => options.process.perform(() => this.#receive(parcel)));
  }

  observe(observer: ChannelObserver<Received>): void {
    this.#observer = observer;
    for (const message of this.#early.splice(0)) this.#deliver(message);
    if (this.ended !== undefined) observer.onClose(this.ended.error);
  }

  send(message: Sent): void {
    if (this.ended === undefined && !this.#closing) this.#out.send(packMessage(message));
  }

  close(): void {
    if (this.#closing || this.ended !== undefined) return;
    this.#closing = true;
    this.#out.send("bye");
  }

  terminate(): void {
    this.#out.cut(0);
    this.#end(undefined);
  }

  #receive(parcel: Parcel): void {
    if (this.ended !== undefined) return;
    if (parcel === "gone") {
      this.#out.cut(0);
      this.#end(new GloamError("GLOAM_CONNECTION_LOST", "the connection was cut"));
    } else if (parcel === "bye") {
      this.#out.send("bye");
      this.#end(undefined);
    } else this.#deliver(this.#options.read(unpackMessage(parcel, controlBounds)));
  }

  #deliver(message: Received): void {
    if (this.#observer === undefined) {
      this.#early.push(message);
      return;
    }
    this.#options.onReceived(message);
    try {
      this.#observer.onMessage(message);
    } catch (error) {
      this.#options.onInvalid(error);
      this.#in.cut(Infinity);
      this.#out.cut(0);
      this.#end(new GloamError("GLOAM_FRAME_INVALID", String(error)));
    }
  }

  #end(error: GloamError | undefined): void {
    if (this.ended !== undefined) return;
    this.ended = { error };
    this.#observer?.onClose(error);
  }
}

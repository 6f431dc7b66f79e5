import type { GloamError } from "@gloam/common";
import type { Channel, ChannelObserver } from "@gloam/protocol";

/** One end of a channel whose other end is the test. */
export class FakeChannel<Sent, Received> implements Channel<Sent, Received> {
  readonly sent: Sent[] = [];
  ended: "closed" | "terminated" | undefined;
  #observer: ChannelObserver<Received> | undefined;

  observe(observer: ChannelObserver<Received>): void {
    this.#observer = observer;
  }

  send(message: Sent): void {
    if (this.ended === undefined) this.sent.push(message);
  }

  close(): void {
    this.#end("closed", undefined);
  }

  terminate(): void {
    this.#end("terminated", undefined);
  }

  /** The other end says something. */
  hear(message: Received): void {
    this.#observer?.onMessage(message);
  }

  /** The other end is gone. */
  cut(error?: GloamError): void {
    this.#end("terminated", error);
  }

  #end(how: "closed" | "terminated", error: GloamError | undefined): void {
    if (this.ended !== undefined) return;
    this.ended = how;
    this.#observer?.onClose(error);
  }
}

// The line to the chat's frame. Counts only what comes from that frame, the desk's origin and,
// after `ready`, with the nonce of this very load.

import { opened, type FromFrame, type ToFrame } from "../shared/bridge";
import { safely } from "./safely";

export class Line {
  #nonce = "";
  #waiting: ToFrame[] = [];

  constructor(
    private readonly desk: string,
    private readonly frame: () => Window | null | undefined,
    private readonly hello: () => ToFrame,
    private readonly heard: (message: FromFrame) => void,
  ) {
    addEventListener("message", (event) => safely(() => this.#receive(event)));
  }

  /** Send now, or as soon as the frame has spoken. */
  send(message: ToFrame): void {
    if (this.#nonce) this.#post(message);
    else this.#waiting.push(message);
  }

  /** The frame is loading anew: nothing is said before it speaks again. */
  reset(): void {
    this.#nonce = "";
  }

  #receive(event: MessageEvent): void {
    if (event.origin !== this.desk || !event.source || event.source !== this.frame()) return;
    const message = opened<FromFrame>(event.data);
    if (!message) return;
    if (message.type === "ready") this.#greet();
    else if (!this.#nonce || message.kefu !== this.#nonce) return;
    this.heard(message);
  }

  #greet(): void {
    this.#nonce = [...crypto.getRandomValues(new Uint32Array(4))]
      .map((part) => part.toString(36))
      .join("");
    this.#post(this.hello());
    for (const message of this.#waiting.splice(0)) this.#post(message);
  }

  #post(message: ToFrame): void {
    this.frame()?.postMessage({ ...message, kefu: this.#nonce }, this.desk);
  }
}

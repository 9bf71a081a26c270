import type { ClientFrame, Hello, ServerFrame } from "./protocol";

/** One connection that lives once: it says hello, carries frames, and ends. */
export interface Wire {
  send(frame: ClientFrame): void;
  close(): void;
}

export interface WireListener {
  frame(frame: ServerFrame): void;
  ended(): void; // once, unless closed by us
}

export type Opener = (hello: Hello, listener: WireListener) => Wire;

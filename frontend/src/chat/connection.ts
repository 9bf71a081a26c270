// Keeps a wire to the desk: returns with back-off, watches the pulse, and goes from the socket to
// plain requests and back. What the frames mean is the session's business.

import { backoff } from "./backoff";
import type { ClientFrame, Hello, ServerFrame, Welcome } from "./protocol";
import type { Opener, Wire } from "./wire";

export type LinkState =
  | { at: "connecting" }
  | { at: "up" }
  | { at: "waiting"; until: number } // epoch ms of the next try
  | { at: "offline" }
  | { at: "refused"; text: string };

export interface Listener {
  changed(): void;
  frame(frame: ServerFrame): void;
}

const WELCOME_MS = 10_000;
const HURRY_MS = 1_000;
const PULSE_MS = 8_000;
const PROBE_MS = 60_000;
const SOCKET_TRIES = 2;

export class Connection {
  state: LinkState = { at: "connecting" };
  #wire: Wire | null = null;
  #probing: Wire | null = null;
  #tries = 0;
  #socketFailures = 0;
  #polling = false;
  #beatMs = 25_000;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setTimeout> | undefined;
  #probe: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly sockets: Opener,
    private readonly requests: Opener,
    private readonly hello: () => Hello,
    private readonly listener: Listener,
  ) {
    addEventListener("online", () => this.restart());
    addEventListener("offline", () => this.#lost());
    addEventListener("pagehide", () => this.#wire?.send({ type: "bye" }));
    addEventListener("pageshow", (event) => event.persisted && this.restart());
    document.addEventListener("visibilitychange", () => this.#wake());
  }

  /** Drop what there is and connect now: at the start, when asked, when somebody else is signed in. */
  restart(): void {
    this.#drop();
    if (this.state.at === "refused") this.#tries = 0;
    this.#polling = this.#socketFailures >= SOCKET_TRIES;
    this.#become({ at: "connecting" });
    this.#timer = setTimeout(() => this.#failed(), WELCOME_MS);
    this.#wire = this.#open(this.#polling ? this.requests : this.sockets);
  }

  send(frame: ClientFrame): void {
    this.#wire?.send(frame);
  }

  /** Somebody has something to send: do not wait out a long pause. */
  hurry(): void {
    const { state } = this;
    if (state.at !== "waiting" || state.until - Date.now() < HURRY_MS) return;
    clearTimeout(this.#timer);
    this.#wait(HURRY_MS * Math.random());
  }

  /** A frame was not answered in time: the wire may be half dead. */
  suspect(): void {
    if (this.state.at === "up") this.restart();
  }

  #open(opener: Opener): Wire {
    const wire: Wire = opener(this.hello(), {
      frame: (frame) => wire === this.#wire && this.#received(frame),
      ended: () => wire === this.#wire && this.#failed(),
    });
    return wire;
  }

  #received(frame: ServerFrame): void {
    this.#feelPulse();
    if (frame.type === "welcome") this.#welcomed(frame);
    else if (frame.type === "bye") return this.#dismissed(frame);
    else if (
      frame.type === "error" &&
      this.state.at === "connecting" &&
      frame.code.startsWith("hello.")
    ) {
      this.#drop();
      this.#become({ at: "refused", text: frame.text });
    }
    this.listener.frame(frame);
  }

  #welcomed(welcome: Welcome): void {
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.#beatMs = welcome.beat * 1000;
    if (!this.#polling) this.#socketFailures = 0;
    else this.#probe = setTimeout(() => this.#probeSocket(), PROBE_MS);
    this.#feelPulse();
    this.#become({ at: "up" });
  }

  #dismissed(bye: ServerFrame & { type: "bye" }): void {
    this.#drop();
    if (bye.code === "refused") this.#become({ at: "refused", text: "" });
    else this.#wait((bye.retry_after ?? 0) * 1000 + backoff(this.#tries++));
  }

  #failed(): void {
    const welcomed = this.state.at === "up";
    this.#drop();
    if (!navigator.onLine) return this.#become({ at: "offline" });
    if (!welcomed)
      this.#socketFailures = this.#polling ? SOCKET_TRIES - 1 : this.#socketFailures + 1;
    this.#wait(backoff(this.#tries++));
  }

  #wait(ms: number): void {
    this.#become({ at: "waiting", until: Date.now() + ms });
    this.#timer = setTimeout(() => this.restart(), ms);
  }

  #lost(): void {
    this.#drop();
    this.#become({ at: "offline" });
  }

  /** Silence longer than two beats: ask, and without an answer return anew. */
  #feelPulse(patience = this.#beatMs * 2): void {
    clearTimeout(this.#pulse);
    if (this.#polling) return;
    this.#pulse = setTimeout(() => {
      this.send({ type: "ping" });
      this.#pulse = setTimeout(() => this.#failed(), PULSE_MS);
    }, patience);
  }

  /** Back from another tab or from sleep: do not wait for the timers. */
  #wake(): void {
    if (document.visibilityState !== "visible") return;
    if (this.state.at === "waiting") this.restart();
    else if (this.state.at === "up") this.#feelPulse(0);
  }

  /** While plain requests carry the chat, see now and then whether a socket gets through. */
  #probeSocket(): void {
    const wire: Wire = this.sockets(this.hello(), {
      frame: (frame) => {
        if (wire === this.#wire) this.#received(frame);
        else if (frame.type === "welcome" && wire === this.#probing) this.#moveTo(wire, frame);
      },
      ended: () => {
        if (wire === this.#wire) this.#failed();
        else if (wire === this.#probing)
          this.#probe = setTimeout(() => this.#probeSocket(), PROBE_MS);
      },
    });
    this.#probing = wire;
  }

  #moveTo(wire: Wire, welcome: Welcome): void {
    this.#wire?.close();
    this.#wire = wire;
    this.#probing = null;
    this.#polling = false;
    this.#received(welcome);
  }

  #drop(): void {
    for (const timer of [this.#timer, this.#pulse, this.#probe]) clearTimeout(timer);
    const [wire, probing] = [this.#wire, this.#probing];
    this.#wire = this.#probing = null;
    wire?.close();
    probing?.close();
  }

  #become(state: LinkState): void {
    this.state = state;
    this.listener.changed();
  }
}

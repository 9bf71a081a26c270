// The socket's frames over plain requests, for networks whose proxies break sockets.

import { Refused, type Api } from "./http";
import type { Ack, ChatEvent, ClientFrame, Hello, Seen, ServerFrame, Wait, Welcome } from "./protocol";
import type { Wire, WireListener } from "./wire";

const WAIT_SECONDS = 25;

const NO_WAIT = { position: null, low: null, high: null, by: null, peak: false, offers: [] };

interface Page {
  events: ChatEvent[];
  head: number;
  seen?: Seen;
  typing?: boolean;
  wait?: Omit<Wait, "conversation"> | null;
}

export function openPolling(api: Api, hello: Hello, listener: WireListener): Wire {
  const wire = new Polling(api, listener);
  wire.greet(hello);
  return wire;
}

class Polling implements Wire {
  readonly #stop = new AbortController();
  #watch = 0;
  #typing = false;

  constructor(
    private readonly api: Api,
    private readonly listener: WireListener,
  ) {}

  greet(hello: Hello): void {
    void this.#vital(async () => {
      const { type: _, ...body } = hello;
      this.#hear({
        ...(await this.api.post<Welcome>("/hello", body, this.#stop.signal)),
        type: "welcome",
      });
    });
  }

  send(frame: ClientFrame): void {
    if (frame.type === "resume")
      void this.#vital(() => this.#follow(frame.conversation, frame.after));
    else if (frame.type === "say") void this.#say(frame);
    else if (frame.type !== "hello" && frame.type !== "ping" && frame.type !== "bye") {
      const { type, ...body } = frame;
      void this.#try(() => this.api.post(`/${type}`, body, this.#stop.signal));
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #say(frame: ClientFrame & { type: "say" }): Promise<void> {
    const { type: _, ...body } = frame;
    await this.#try(async () => {
      this.#hear({ ...(await this.api.post<Ack>("/say", body, this.#stop.signal)), type: "ack" });
    }, frame.key);
  }

  /** Ask for what came after a sequence number, again and again, until another follow replaces this. */
  async #follow(conversation: string, after: number): Promise<void> {
    const watch = ++this.#watch;
    let wait = 0; // the first answer comes at once, as the resume
    while (watch === this.#watch && !this.#stop.signal.aborted) {
      const query = new URLSearchParams({ conversation, after: String(after), wait: String(wait) });
      const page = await this.api.get<Page>(`/events?${query}`, this.#stop.signal);
      if (watch !== this.#watch) return;
      for (const event of page.events) this.#hear({ ...event, conversation, type: "event" });
      after = Math.max(after, page.head);
      if (wait === 0) this.#hear({ type: "caught_up", conversation, head: page.head });
      this.#hearSigns(conversation, page);
      wait = WAIT_SECONDS;
    }
  }

  #hearSigns(conversation: string, page: Page): void {
    if (page.seen) this.#hear({ type: "seen", conversation, by: "agent", seq: page.seen.agent });
    if (page.wait !== undefined)
      this.#hear({ ...(page.wait ?? NO_WAIT), conversation, type: "wait" });
    const typing = page.typing === true;
    if (typing !== this.#typing)
      this.#hear({ type: "typing", conversation, by: "agent", on: typing });
    this.#typing = typing;
  }

  #hear(frame: ServerFrame): void {
    if (!this.#stop.signal.aborted) this.listener.frame(frame);
  }

  /** Do a request without which this wire is useless: a refusal ends it. */
  async #vital(request: () => Promise<unknown>): Promise<void> {
    if (!(await this.#try(request))) this.#end();
  }

  /** Do a request. A refusal becomes an error frame (then false), a broken network ends the wire. */
  async #try(request: () => Promise<unknown>, key?: string): Promise<boolean> {
    try {
      await request();
      return true;
    } catch (error) {
      if (error instanceof Refused) this.#hear(error.frame(key));
      else this.#end();
      return false;
    }
  }

  #end(): void {
    if (this.#stop.signal.aborted) return;
    this.close();
    this.listener.ended();
  }
}

// The chat as it stands: what was said, by whom, how far each side has read, what is unsent.

import type { Config } from "./config";
import { Connection } from "./connection";
import { Delivery } from "./delivery";
import type { Api } from "./http";
import type { Keep } from "./keep";
import { isNews, Log } from "./log";
import type { Outbox } from "./outbox";
import * as wire from "./protocol";
import { openSocket } from "./socket";
import { Typing } from "./typing";
import type { Opener } from "./wire";

export interface SessionListener {
  changed(): void;
  said(event: wire.ChatEvent): void; // not by the customer, just now
  talking(on: boolean): void;
  notice(text: string): void;
  forgot(): void; // whoever was here: somebody else may be next
}

const TOKEN = "token";
const WHO = "who";
export const FOLDED = "folded"; // the advice they have read
const REFETCH_MS = 100; // a secret in several messages replaces them together

export class Session {
  readonly log = new Log();
  readonly delivery: Delivery;
  readonly connection: Connection;
  conversation: wire.Conversation | null = null;
  limits: wire.Limits;
  isCatchingUp = true;
  floor: wire.Floor = {};
  readonly typing: Typing;
  #identity: string | undefined;
  #wait: wire.Wait | null = null; // may come before the receipt of what began the conversation
  #refetching: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly config: Config,
    private readonly site: string,
    private readonly keep: Keep,
    readonly outbox: Outbox,
    private readonly api: Api,
    requests: Opener,
    private readonly listener: SessionListener,
    identity?: string,
  ) {
    this.limits = config.limits;
    this.#identity = identity;
    this.connection = new Connection(
      (hello, on) => openSocket(config.socket, hello, on),
      requests,
      () => this.#hello(),
      { changed: () => this.#linkChanged(), frame: (frame) => this.#frame(frame) },
    );
    const send = (frame: wire.ClientFrame): void => this.connection.send(frame);
    this.delivery = new Delivery(
      outbox,
      () => this.isUp,
      () => this.limits.harmless,
      send,
      () => this.connection.suspect(),
    );
    this.typing = new Typing(
      (on) => this.tell({ type: "typing", on }),
      () => listener.changed(),
    );
    keep.watch((name) => this.#otherTab(name));
  }

  /** The conversation's place in the queue, while it has one. */
  get wait(): wire.Wait | null {
    return this.#wait?.conversation === this.conversation?.id ? this.#wait : null;
  }

  get isUp(): boolean {
    return this.connection.state.at === "up";
  }

  start(): void {
    this.connection.restart();
  }

  /** Something new is in the outbox. */
  deliver(): void {
    this.typing.done();
    this.delivery.pump();
    this.connection.hurry();
    this.listener.changed();
  }

  /** Send a frame about the conversation, if there is one. */
  tell(about: wire.About): void {
    const id = this.conversation?.id;
    if (id) this.connection.send({ ...about, conversation: id } as wire.ClientFrame);
  }

  /** The customer has the end of the chat before their eyes. */
  see(): void {
    const last = this.#news().at(-1);
    const seen = this.conversation?.seen;
    if (!last || !seen || !this.isUp || last.seq <= seen.customer) return;
    seen.customer = last.seq;
    this.connection.send({ type: "seen", conversation: last.conversation, seq: last.seq });
    this.listener.changed();
  }

  get unread(): number {
    const read = this.conversation?.seen.customer ?? 0;
    return this.#news().filter((event) => event.seq > read).length;
  }

  identify(token: string): void {
    if (token === this.#identity) return;
    this.#identity = token;
    this.connection.restart();
  }

  /** Forget on this device who was here, and end the desk's memory of this browser too. */
  async logout(): Promise<void> {
    try {
      if (this.keep.get(TOKEN)) await this.api.post("/logout", {});
    } finally {
      this.#identity = undefined;
      this.keep.remove(TOKEN);
      this.#forget();
      this.connection.restart();
    }
  }

  /** Nothing of whoever was here stays on the screen, or goes out in another's name. */
  #forget(): void {
    this.keep.remove(WHO);
    this.keep.remove(FOLDED);
    this.outbox.clear();
    this.log.clear();
    this.conversation = this.#wait = null;
    clearTimeout(this.#refetching);
    this.listener.talking(false);
    this.listener.forgot();
  }

  #hello(): wire.Hello {
    const token = this.keep.get(TOKEN);
    const { inbox, lang } = this.config;
    const known = {
      ...(token !== null && { token }),
      ...(this.#identity && { identity: this.#identity }),
    };
    return { type: "hello", v: wire.VERSION, inbox, site: this.site, lang, ...known };
  }

  #linkChanged(): void {
    if (!this.isUp) this.typing.hear(null);
    this.listener.changed();
  }

  #frame(frame: wire.ServerFrame): void {
    if (frame.type === "welcome") this.#welcome(frame);
    else if (frame.type === "ack") this.#ack(frame);
    else if (frame.type === "event") this.#event(frame);
    else if (frame.type === "caught_up") this.#caughtUp(frame.conversation, frame.head);
    else if (frame.type === "seen") this.#seen(frame);
    else if (frame.type === "typing")
      this.typing.hear(frame.by === "agent" && frame.on ? (frame.name ?? "") : null);
    else if (frame.type === "wait") this.#wait = frame.position === null ? null : frame;
    else if (frame.type === "beat") this.#beat(frame.heads);
    else if (frame.type === "error") this.#error(frame);
    else return;
    this.listener.changed();
  }

  #welcome(welcome: wire.Welcome): void {
    const { mark } = welcome.you;
    const before = this.keep.get(WHO);
    if (before !== null && before !== (mark ?? null)) this.#forget();
    if (mark) this.keep.set(WHO, mark);
    if (welcome.token) this.keep.set(TOKEN, welcome.token);
    if (welcome.limits) this.limits = welcome.limits;
    const { hours, peak, conversation, wait } = welcome;
    this.floor = { ...(hours && { hours }), ...(peak && { peak }) };
    this.conversation = conversation;
    this.#wait = conversation && wait?.position ? { ...wait, conversation: conversation.id } : null;
    this.isCatchingUp = welcome.conversation !== null;
    if (welcome.conversation) this.#resume(welcome.conversation.id);
    if (welcome.problem) this.listener.notice(welcome.problem);
    this.listener.talking(welcome.conversation !== null);
    this.delivery.again();
  }

  #ack(ack: wire.Ack): void {
    const { key, conversation, seq, at, text, reference } = ack;
    const files = this.delivery.stored(key)?.files ?? [];
    const isNew = conversation !== this.conversation?.id;
    if (isNew) this.#begin(conversation, reference);
    this.log.addReceipt({
      conversation,
      seq,
      kind: "message",
      at,
      from: { kind: "customer" },
      text,
      key,
      data: { files },
    });
    if (isNew) this.#resume(conversation);
  }

  #begin(id: string, reference: string): void {
    const seen = { agent: 0, customer: 0 };
    this.conversation = { id, reference, status: "open", head: 0, seen, agent: null };
    this.listener.talking(true);
  }

  #event(event: wire.ChatEvent): void {
    const isNew = this.log.add(event) === "new";
    if (event.conversation !== this.conversation?.id)
      this.#begin(event.conversation, event.data?.reference ?? "");
    const { conversation } = this;
    if (!conversation) return;
    conversation.head = Math.max(conversation.head, event.seq);
    if (event.kind === "state") this.#state(conversation, event);
    else if (event.kind === "assignment") conversation.agent = event.data?.agent ?? null;
    else if (event.kind === "redaction" && isNew) this.#refetch(event);
    if (event.from.kind === "customer") {
      if (event.key) this.delivery.stored(event.key);
      return;
    }
    if (event.kind === "message" && isNew) this.typing.hear(null);
    if (isNew && !this.isCatchingUp && event.kind !== "redaction") this.listener.said(event);
  }

  #state(conversation: wire.Conversation, event: wire.ChatEvent): void {
    const { to, reference } = event.data ?? {};
    if (to === "closed") conversation.status = "closed";
    else if (to === "open" || to === "reopened") conversation.status = "open";
    if (reference) conversation.reference = reference;
  }

  #refetch(event: wire.ChatEvent): void {
    if (!this.log.redact(event)) return;
    clearTimeout(this.#refetching);
    this.#refetching = setTimeout(() => this.#resume(event.conversation), REFETCH_MS);
  }

  #caughtUp(conversation: string, head: number): void {
    this.log.reached(conversation, head);
    this.isCatchingUp = false;
  }

  #seen(frame: wire.ServerFrame & { type: "seen" }): void {
    const seen = frame.conversation === this.conversation?.id ? this.conversation.seen : null;
    if (seen) seen[frame.by] = Math.max(seen[frame.by], frame.seq);
  }

  #beat(heads: Record<string, number>): void {
    for (const id of this.log.behind(heads)) {
      if (id !== this.conversation?.id) continue;
      this.isCatchingUp = true;
      this.conversation.head = heads[id] ?? 0;
      this.#resume(id);
    }
  }

  #error(problem: wire.Problem): void {
    if (this.delivery.failed(problem) || !this.isUp) return;
    this.isCatchingUp = false;
    if (problem.code !== "rate.limited") this.listener.notice(problem.text);
  }

  #resume(conversation: string): void {
    const after = this.log.ask(conversation, this.conversation?.head ?? 0);
    this.connection.send({ type: "resume", conversation, after });
  }

  #news(): wire.ChatEvent[] {
    const id = this.conversation?.id;
    return this.log.all().filter((event) => event.conversation === id && isNews(event));
  }

  #otherTab(name: string): void {
    if (name.startsWith("out:")) this.delivery.later();
    if (name === TOKEN && this.keep.get(TOKEN) === null) {
      this.#forget();
      this.connection.restart();
    }
    this.listener.changed();
  }
}

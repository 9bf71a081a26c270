/** The agent's socket: says hello, watches conversations, comes back by itself. */

import { Refused, get, signIn } from "./http";
import { parse, type Frame, type FrameOf } from "./frames";

export type LinkState = "connecting" | "catching-up" | "open" | "lost";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const PONG_WITHIN_MS = 5_000;
const WELCOME_WITHIN_MS = 10_000;

export class Link extends EventTarget {
  state: LinkState = "connecting";
  private socket: WebSocket | null = null;
  private isOpening = false;
  private token: string | null;
  private tries = 0;
  private beatMs = 25_000;
  private listMoved: number | null | undefined;
  private retry = 0;
  private silence = 0;
  /** Watched conversations, each with the head its thread has drawn. */
  private readonly watched = new Map<string, () => number>();
  private readonly behind = new Set<string>();

  constructor(private readonly url: string, token: string) {
    super();
    this.token = token;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.probe());
  }

  /** Call a function for every frame of a type. */
  on<T extends Frame["type"]>(type: T, heard: (frame: FrameOf<T>) => void): void {
    this.addEventListener(`frame:${type}`, (event) =>
      heard((event as CustomEvent<FrameOf<T>>).detail),
    );
  }

  /** Open the socket. A fresh token is fetched after the first time. */
  async open(): Promise<void> {
    if (this.isOpening || this.socket) return;
    this.isOpening = true;
    try {
      const token = this.token ?? (await freshToken());
      this.token = null;
      this.connect(token);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return signIn();
      this.comeBack();
    } finally {
      this.isOpening = false;
    }
  }

  /** Follow a conversation from the sequence number its thread has drawn. */
  watch(conversation: string, head: () => number): void {
    this.watched.set(conversation, head);
    if (this.isUp) this.resume(conversation);
  }

  unwatch(conversation: string): void {
    this.watched.delete(conversation);
    this.behind.delete(conversation);
    if (this.isUp) this.send({ type: "unwatch", conversation });
  }

  /** Send a frame if the socket is up; say whether it went out. */
  send(frame: object): boolean {
    if (!this.isUp) return false;
    this.socket?.send(JSON.stringify(frame));
    return true;
  }

  private get isUp(): boolean {
    return this.state === "open" || this.state === "catching-up";
  }

  private connect(token: string): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.listenForSilence(WELCOME_WITHIN_MS);
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ type: "hello", v: 1, desk: token }));
    });
    socket.addEventListener("message", (message) => {
      if (this.socket === socket) this.hear(String(message.data));
    });
    socket.addEventListener("close", () => {
      if (this.socket === socket) this.comeBack();
    });
  }

  private hear(text: string): void {
    this.listenForSilence();
    const frame = parse(text);
    if (frame === null) return;
    if (frame.type === "welcome") this.welcomed(frame);
    if (frame.type === "caught_up") this.caughtUp(frame.conversation);
    if (frame.type === "beat") {
      this.compare(frame.heads);
      this.compareList(frame.list ?? null);
    }
    if (frame.type === "bye") this.leave(frame.retry_after);
    this.dispatchEvent(new CustomEvent(`frame:${frame.type}`, { detail: frame }));
  }

  /** Have the list drawn again if it moved since the last beat: a hint may have been lost. */
  private compareList(moved: number | null): void {
    if (this.listMoved !== undefined && this.listMoved !== moved) {
      this.dispatchEvent(new CustomEvent("frame:changed", { detail: { type: "changed" } }));
    }
    this.listMoved = moved;
  }

  private welcomed(frame: FrameOf<"welcome">): void {
    this.tries = 0;
    this.beatMs = (frame.beat ?? 25) * 1000;
    this.become(this.watched.size ? "catching-up" : "open");
    for (const conversation of this.watched.keys()) this.resume(conversation);
  }

  private resume(conversation: string): void {
    this.behind.add(conversation);
    this.send({ type: "resume", conversation, after: this.watched.get(conversation)?.() ?? 0 });
  }

  private caughtUp(conversation: string): void {
    this.behind.delete(conversation);
    if (this.behind.size === 0 && this.isUp) this.become("open");
  }

  /** A head ahead of what a thread has drawn means a hint was lost: ask for the gap. */
  private compare(heads: Record<string, number>): void {
    for (const [conversation, head] of this.watched) {
      if ((heads[conversation] ?? 0) > head()) this.resume(conversation);
    }
  }

  private leave(retryAfterSeconds: number | undefined): void {
    const socket = this.socket;
    this.comeBack(retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000);
    socket?.close();
  }

  /** Try again after a wait that grows and differs from browser to browser. */
  private comeBack(atLeastMs = 0): void {
    this.socket = null;
    this.behind.clear();
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.become("lost");
    const cap = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.tries++);
    this.retry = window.setTimeout(() => void this.open(), atLeastMs + cap * (0.5 + Math.random() / 2));
  }

  /** Come back now: something showed that the server can be reached. */
  hurry(): void {
    if (this.state !== "lost") return this.probe();
    clearTimeout(this.retry);
    this.tries = 0;
    void this.open();
  }

  /** After sleep a socket may look open and be dead: it has to answer soon. */
  private probe(): void {
    if (document.hidden || !this.send({ type: "ping" })) return;
    this.listenForSilence(PONG_WITHIN_MS);
  }

  private listenForSilence(withinMs = this.beatMs * 2.2): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.leave(0), withinMs);
  }

  private become(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}

async function freshToken(): Promise<string> {
  const { token } = JSON.parse(await get("/desk/socket-token")) as { token: string };
  return token;
}

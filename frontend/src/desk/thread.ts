/** The open conversation: takes in new lines, never moves what is being read, says what was seen. */

import { get, post } from "./http";
import { view } from "./list";
import { link } from "./live";
import { adopt, morph, parsed } from "./parts";
import { say } from "./texts";

const NEAR_END_PX = 80;
const TYPING_LASTS_MS = 6000;

export class Thread extends HTMLElement {
  /** The last sequence number drawn, and the last one that was on screen. */
  head = 0;
  read = 0;
  private loading: Promise<void> | null = null;
  private wanted = false;
  private unread = 0;
  private typingEnds = 0;
  private readonly looked = () => this.look();
  private readonly resized = new ResizeObserver(() => this.keepEnd());
  private atEnd = true;

  connectedCallback(): void {
    this.head = Number(this.dataset["head"]);
    this.read = Number(this.dataset["read"]);
    this.scrollTop = this.scrollHeight;
    this.resized.observe(this);
    this.resized.observe(this.lines);
    link.watch(this.conversation, () => this.head);
    this.addEventListener("scroll", this.looked, { passive: true });
    this.addEventListener("click", (event) => this.pressed(event));
    this.newer?.addEventListener("click", () => this.toEnd());
    addEventListener("focus", this.looked);
    document.addEventListener("visibilitychange", this.looked);
    this.look();
  }

  disconnectedCallback(): void {
    this.resized.disconnect();
    link.unwatch(this.conversation);
    removeEventListener("focus", this.looked);
    document.removeEventListener("visibilitychange", this.looked);
  }

  get conversation(): string {
    return this.dataset["conversation"] ?? "";
  }

  /** Fetch what came after the last line. Calls while a fetch runs cause one more, no more. */
  refresh(): Promise<void> {
    this.wanted = true;
    this.loading ??= this.load().finally(() => (this.loading = null));
    return this.loading;
  }

  /** Take in drawn lines: append the new, redraw the known. */
  take(html: string): void {
    const follow = this.isNearEnd;
    let added = 0;
    for (const fresh of [...parsed(html).children]) {
      const old = fresh.id ? document.getElementById(fresh.id) : null;
      if (old) morph(old, fresh);
      else if (fresh.matches("li")) added += this.addLine(fresh as HTMLElement);
    }
    this.markSeen();
    adopt();
    if (follow) this.toEnd();
    else if (added) this.announce(added);
    this.look();
  }

  /** Remember how far the customer has read: lines drawn before may arrive after. */
  seenByCustomer(seq: number): void {
    this.dataset["customerSeen"] = String(Math.max(seq, Number(this.dataset["customerSeen"])));
    this.markSeen();
  }

  private markSeen(): void {
    const seq = Number(this.dataset["customerSeen"]);
    for (const line of this.lines.querySelectorAll<HTMLElement>(".line.is-agent")) {
      const mark = line.querySelector<HTMLElement>("[data-mark]");
      if (!mark || Number(line.dataset["seq"]) > seq || mark.matches(".is-seen")) continue;
      mark.classList.add("is-seen");
      mark.title = say("mark.seen");
      mark.querySelector(".sr-only")!.textContent = say("mark.seen");
    }
  }

  /** Show that the customer writes, until said otherwise or for a few seconds. */
  typing(on: boolean): void {
    const sign = this.querySelector<HTMLElement>("[data-typing]");
    if (!sign) return;
    clearTimeout(this.typingEnds);
    const follow = this.isNearEnd;
    sign.hidden = !on;
    if (follow) this.scrollTop = this.scrollHeight;
    if (on) this.typingEnds = window.setTimeout(() => (sign.hidden = true), TYPING_LASTS_MS);
  }

  private async load(): Promise<void> {
    while (this.wanted && this.isConnected) {
      this.wanted = false;
      const after = this.head;
      const html = await get(`/desk/c/${this.conversation}/lines?after=${after}&view=${view()}`);
      this.take(html);
      await this.redrawRedacted(html, after);
    }
  }

  /** Redactions replace texts of lines up to `head`: those on screen are drawn again. */
  private async redrawRedacted(html: string, head: number): Promise<void> {
    const marks = [...parsed(html).querySelectorAll<HTMLElement>("[data-redacts]")];
    const seqs = marks.map((mark) => Number(mark.dataset["redacts"]));
    const oldest = Number(this.lines.querySelector<HTMLElement>("[data-seq]")?.dataset["seq"]);
    const first = Math.max(Math.min(...seqs), oldest);
    if (!(first <= head)) return;
    this.take(await get(`/desk/c/${this.conversation}/lines?after=${first - 1}&view=${view()}`));
  }

  private addLine(line: HTMLElement): number {
    const seq = Number(line.dataset["seq"] ?? 0);
    this.lines.append(line);
    if (!seq) return 0;
    this.head = Math.max(this.head, seq);
    if (line.matches(".is-customer")) this.typing(false);
    return line.matches(".is-system") ? 0 : 1;
  }

  private announce(added: number): void {
    this.unread += added;
    if (!this.newer) return;
    this.newer.querySelector("span")!.textContent = say("newer", { count: this.unread });
    this.newer.hidden = false;
  }

  /** Show the newest line. */
  toEnd(): void {
    this.scrollTop = this.scrollHeight;
    this.look();
  }

  private keepEnd(): void {
    if (this.atEnd) this.scrollTop = this.scrollHeight;
  }

  /** What is on screen while the page has the agent's attention was seen. */
  private look(): void {
    this.atEnd = this.isNearEnd;
    if (!this.atEnd) return;
    this.unread = 0;
    if (this.newer) this.newer.hidden = true;
    if (document.hidden || !document.hasFocus() || this.read >= this.head) return;
    this.read = this.head;
    void this.report(this.read);
  }

  private async report(seq: number): Promise<void> {
    if (link.send({ type: "seen", conversation: this.conversation, seq })) return;
    await post(`/desk/c/${this.conversation}/seen`, { seq }).catch(() => undefined);
  }

  private pressed(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-unfold], [data-earlier]");
    if (button?.matches("[data-unfold]")) this.unfold(button);
    else if (button) void this.loadEarlier().catch(() => undefined);
  }

  /** Put the page before the first line above it, without moving what is on screen. */
  private async loadEarlier(): Promise<void> {
    const first = this.lines.querySelector<HTMLElement>("[data-seq]")?.dataset["seq"];
    const part = parsed(await get(`/desk/c/${this.conversation}/lines?before=${first}`));
    if (!part.querySelector("#earlier")) this.querySelector("#earlier")?.remove();
    const fromEnd = this.scrollHeight - this.scrollTop;
    const day = this.lines.querySelector(".day");
    const newestDay = [...part.querySelectorAll(".day")].at(-1);
    if (day?.textContent === newestDay?.textContent) day?.remove();
    this.lines.prepend(...part.querySelectorAll("li"));
    this.scrollTop = this.scrollHeight - fromEnd;
  }

  private unfold(button: HTMLElement): void {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.previousElementSibling?.classList.toggle("is-open", open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = say(open ? "fold" : "unfold");
  }

  private get lines(): HTMLElement {
    return this.querySelector<HTMLElement>("#lines")!;
  }

  private get newer(): HTMLElement | null {
    return document.querySelector<HTMLElement>("[data-newer]");
  }

  private get isNearEnd(): boolean {
    return this.scrollHeight - this.scrollTop - this.clientHeight < NEAR_END_PX;
  }
}

/** Return the thread on screen, or null. */
export function openThread(): Thread | null {
  return document.querySelector<Thread>("kefu-thread");
}

/** Bring the frames of the socket to the thread they are for. */
export function startThreads(): void {
  link.on("event", (frame) => {
    const thread = threadOf(frame.conversation);
    if (thread && frame.seq > thread.head) void thread.refresh().catch(() => undefined);
  });
  link.on("caught_up", (frame) => {
    const thread = threadOf(frame.conversation);
    if (thread && frame.head > thread.head) void thread.refresh().catch(() => undefined);
  });
  link.on("seen", (frame) => {
    if (frame.by === "customer") threadOf(frame.conversation)?.seenByCustomer(frame.seq);
  });
  link.on("typing", (frame) => {
    if (frame.by === "customer") threadOf(frame.conversation)?.typing(frame.on);
  });
}

function threadOf(conversation: string): Thread | null {
  const thread = openThread();
  return thread?.conversation === conversation ? thread : null;
}

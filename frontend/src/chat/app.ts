// Puts the parts together: the session changes, the page is drawn; the customer acts, the session does.

import { warningWords } from "./advice";
import type { Acts } from "./bubbles";
import { Check } from "./check";
import { Composer } from "./composer";
import { config, has, say } from "./config";
import { h, icon, part } from "./dom";
import { Head } from "./head";
import { Host } from "./host";
import { Api } from "./http";
import { Keep } from "./keep";
import { Media } from "./media";
import { menu } from "./menu";
import { EMPTY, Outbox, type Draft } from "./outbox";
import type { ChatEvent } from "./protocol";
import { rows } from "./rows";
import { FOLDED, Session } from "./session";
import { pieces } from "./text";
import { Thread } from "./thread";
import { Tray } from "./tray";

export class App {
  readonly #keep = new Keep(`kefu:${config.inbox}:`);
  readonly #outbox = new Outbox(this.#keep);
  readonly #api = new Api(config.api, () => this.#keep.get("token"));
  readonly #check = new Check();
  readonly #media = new Media(this.#api, (text) => this.#notice(text));
  readonly #thread = new Thread(this.#media, this.#acts(), () => this.#see());
  readonly #tray = new Tray(
    this.#api,
    this.#check,
    () => this.#limits,
    () => this.#session?.isUp ?? false,
    () => this.#filesChanged(),
    (text) => this.#notice(text),
  );
  readonly #composer = new Composer(this.#tray, () => this.#limits, this.#check, {
    send: (draft) => this.#send(draft),
    changed: (draft) => this.#draftChanged(draft),
  });
  readonly #host = new Host(config.frame && parent !== window, config.origins, {
    opened: (open) => this.#opened(open),
    focus: (edge) => this.#focus(edge),
    identify: (token) => this.#session?.identify(token),
    logout: () => void this.#logout(),
  });
  #session: Session | null = null;
  #head: Head | null = null;
  #isDrawn = true;
  #readUpTo = -1;
  #unread = 0;
  readonly #title = document.title;

  async start(): Promise<void> {
    this.#composer.clear(); // of what the browser itself restored
    this.#composer.bring(this.#outbox.draft);
    this.#listen();
    const { site, token } = await this.#host.meet(config.lang);
    this.#session = new Session(
      config,
      site,
      this.#keep,
      this.#outbox,
      this.#api,
      {
        changed: () => this.#changed(),
        said: (event) => this.#said(event),
        talking: (on) => this.#host.tell({ type: "talking", on }),
        notice: (text) => this.#notice(has(text) ? say(text) : text),
        forgot: () => this.#composer.clear(),
      },
      token,
    );
    this.#head = new Head(this.#session);
    this.#session.start();
  }

  get #limits(): typeof config.limits {
    return this.#session?.limits ?? config.limits;
  }

  #listen(): void {
    part("close").addEventListener("click", () => this.#close());
    const opened = menu(part("more"), part("menu"));
    document.addEventListener("keydown", (event) => {
      if (
        event.key === "Escape" &&
        !event.defaultPrevented &&
        !event.isComposing &&
        !opened.isOpen() &&
        !this.#media.isShowing
      )
        this.#close();
    });
    for (const item of document.querySelectorAll<HTMLElement>("[data-transcript]"))
      item.addEventListener("click", () =>
        this.#saveTranscript(item.dataset["transcript"] ?? "txt"),
      );
    for (const { tag, href } of config.languages)
      document.querySelector(`[data-tongue="${CSS.escape(tag)}"]`)?.setAttribute("href", href);
    for (const name of ["focus", "pointerdown"]) addEventListener(name, () => this.#see());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#keepDraft();
      else this.#see();
    });
    addEventListener("pagehide", () => this.#keepDraft());
  }

  #changed(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    requestAnimationFrame(() => this.#draw());
    setTimeout(() => this.#draw(), 100); // a closed window's frame is painted no more
  }

  #draw(): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    const session = this.#session;
    if (!session) return;
    if (this.#readUpTo < 0 && session.conversation && !this.#isLookedAt)
      this.#readUpTo = session.conversation.seen.customer;
    this.#head?.draw();
    this.#thread.draw(rows(session, this.#readUpTo), session.typist, session.unread);
    this.#composer.refresh(session.conversation?.status === "closed");
    this.#tray.resume();
    part("saving").hidden = session.conversation === null;
    this.#see();
    this.#count(session.unread);
  }

  get #isLookedAt(): boolean {
    return this.#host.isOpen && document.visibilityState === "visible" && document.hasFocus();
  }

  #see(): void {
    if (this.#isLookedAt && this.#thread.isAtEnd) this.#session?.see();
  }

  #count(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#host.tell({ type: "unread", count: unread });
    document.title = unread > 0 ? `(${unread}) ${this.#title}` : this.#title;
  }

  #said(event: ChatEvent): void {
    if (!this.#isLookedAt && this.#readUpTo < 0)
      this.#readUpTo = this.#session?.conversation?.seen.customer ?? -1;
    const words =
      event.kind === "warning"
        ? (event.data?.reasons ?? []).map(warningWords)
        : pieces(event.text ?? "").map((piece) =>
            piece.is === "mask" ? say("mask.other") : piece.text,
          );
    const files = (event.data?.files ?? []).map((file) => file.name);
    this.#thread.announce(`${event.from.name ?? say("agent")}: ${[...words, ...files].join(" ")}`);
    this.#host.tell({ type: "message" });
  }

  #opened(open: boolean): void {
    if (open) this.#changed();
    else this.#readUpTo = -1;
  }

  #send(draft: Draft): void {
    this.#readUpTo = -1;
    this.#outbox.add(draft);
    this.#session?.deliver();
    this.#thread.toEnd();
  }

  #draftChanged(draft: Draft): void {
    this.#outbox.draft = EMPTY; // out of date
    this.#session?.type(draft.text !== "");
  }

  /**
   * Keep the draft on the device when the page may go, not while it is written: half a recovery
   * phrase looks like little yet. A text that may hold a secret, or begin one, is never kept.
   */
  #keepDraft(): void {
    const { text, files } = this.#composer.draft;
    this.#outbox.draft = { text: this.#check.mayStay(text) ? text : "", files };
  }

  #filesChanged(): void {
    this.#draftChanged(this.#composer.draft);
    this.#composer.refresh(this.#session?.conversation?.status === "closed");
    this.#composer.retry();
  }

  #close(): void {
    this.#host.tell({ type: "close" });
  }

  #focus(edge: "input" | "first" | "last"): void {
    focus();
    if (edge === "input") return this.#composer.focus();
    const stops = [
      ...document.querySelectorAll<HTMLElement>("a[href], button, textarea, [tabindex='0']"),
    ].filter((stop) => stop.offsetParent !== null);
    stops.at(edge === "first" ? 0 : -1)?.focus();
  }

  async #logout(): Promise<void> {
    try {
      await this.#session?.logout();
    } catch (error) {
      console.error("kefu: signing out", error); // forgotten here; the desk's memory of it expires
    }
  }

  #saveTranscript(format: string): void {
    const conversation = this.#session?.conversation;
    if (!conversation) return;
    const query = new URLSearchParams({ conversation: conversation.id, format, lang: config.lang });
    void this.#media.save(`/transcript?${query}`, `${conversation.reference}.${format}`);
  }

  #acts(): Acts {
    return {
      edit: (key) => {
        const message = this.#session?.outbox.take(key);
        if (message) this.#composer.bring(message);
        this.#composer.focus();
        this.#changed();
      },
      remove: (key) => {
        this.#session?.outbox.take(key);
        this.#changed();
      },
      copy: (text, button) => void this.#copy(text, button),
      isFolded: (advice) => this.#folded().includes(advice),
      fold: (advice, isFolded) => {
        const others = this.#folded().filter((other) => other !== advice);
        this.#keep.set(FOLDED, [...others, ...(isFolded ? [advice] : [])].join(" "));
      },
    };
  }

  #folded(): string[] {
    return this.#keep.get(FOLDED)?.split(" ") ?? [];
  }

  async #copy(text: string, button: HTMLElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return this.#notice(say("reference.not_copied", { reference: text }));
    }
    button.querySelector("svg")?.replaceWith(icon("check"));
    this.#thread.announce(say("reference.copied"));
  }

  #notice(text: string): void {
    const toast = h("div", { class: "toast" }, icon("circle-alert"), h("span", {}, text));
    part("toasts").append(toast);
    setTimeout(() => toast.remove(), 8_000);
  }
}

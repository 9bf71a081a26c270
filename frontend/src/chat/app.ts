// Puts the parts together: the session changes, the page is drawn; the customer acts, the session does.

import { Check } from "./check";
import { Composer } from "./composer";
import { config, has, learn, say } from "./config";
import { h, icon, part } from "./dom";
import { Files } from "./files";
import { Head } from "./head";
import { Held } from "./held";
import { Host } from "./host";
import { Api } from "./http";
import { Keep } from "./keep";
import { Later } from "./later";
import { isNews } from "./log";
import { next } from "./next";
import { EMPTY, Outbox, type Draft } from "./outbox";
import type { ChatEvent } from "./protocol";
import type { Rest } from "./rest";
import { rowActs } from "./rowacts";
import { rows } from "./rows";
import { Session } from "./session";
import { pieces } from "./text";
import { Thread } from "./thread";
import { Topics } from "./topics";

export class App {
  readonly #keep = new Keep(`kefu:${config.inbox}:`);
  readonly #outbox = new Outbox(this.#keep);
  readonly #api = new Api(config.api, () => this.#keep.get("token"));
  readonly #check = new Check();
  readonly #later = new Later(config.rest, {
    texts: learn,
    came: (made) => this.#furnish(made),
    failed: () => this.#notice(say("rest.failed")),
  });
  readonly #rowActs = rowActs(this.#keep, {
    take: (key) => this.#session?.outbox.take(key) ?? null,
    bring: (message) => this.#composer.bring(message),
    changed: () => this.#changed(),
    announce: (text) => this.#thread.announce(text),
    notice: (text) => this.#notice(text),
  });
  readonly #thread = new Thread(this.#later, this.#rowActs, () => this.#see());
  readonly #files = new Files(this.#later);
  readonly #composer = new Composer(
    this.#files,
    new Held(this.#later),
    () => this.#limits,
    this.#check,
    {
      send: (draft) => this.#send(draft),
      changed: (draft) => this.#draftChanged(draft),
    },
  );
  readonly #topics = new Topics(() => this.#changed());
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
      this.#later.requests,
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
    this.#later.foresee();
  }

  get #limits(): typeof config.limits {
    return this.#session?.limits ?? config.limits;
  }

  #listen(): void {
    part("close").addEventListener("click", () => this.#close());
    part("more").addEventListener("click", ({ currentTarget }) => {
      if (!this.#later.rest) void this.#later.get().then(() => (currentTarget as HTMLElement).click());
    });
    document.addEventListener("keydown", (event) => {
      if (
        event.key === "Escape" &&
        !event.defaultPrevented &&
        !event.isComposing &&
        part("menu").hidden &&
        !part<HTMLDialogElement>("lightbox").open
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
    const { rest } = this.#later;
    this.#thread.draw(rows(session, this.#readUpTo, rest), session.typing.typist, session.unread);
    this.#composer.expect(next(session));
    this.#files.resume();
    part("saving").hidden = session.conversation === null;
    rest?.refresh(session, this.#topics.chosen);
    if (session.wait || session.floor.peak) void this.#later.get();
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
    if (event.kind !== "message") return void this.#tell(event);
    const words = pieces(event.text ?? "").map((piece) =>
      piece.is === "mask" ? say("mask.other") : piece.text,
    );
    const files = (event.data?.files ?? []).map((file) => file.name);
    this.#thread.announce(`${event.from.name ?? say("agent")}: ${[...words, ...files].join(" ")}`);
    this.#host.tell({ type: "message" });
  }

  /** Read out what happened beside messages. Some of it calls the customer back to the window. */
  async #tell(event: ChatEvent): Promise<void> {
    const rest = await this.#later.get();
    const words = rest.spoken(event, this.#session?.log.all() ?? []);
    if (words) this.#thread.announce(words);
    if (event.kind === "warning" || isNews(event)) this.#host.tell({ type: "message" });
  }

  #furnish(made: typeof import("./rest")): Rest {
    const rest = new made.Rest({
      api: this.#api,
      check: this.#check,
      onHold: this.#composer.onHold,
      rowActs: this.#rowActs,
      limits: () => this.#limits,
      session: () => this.#session,
      filesChanged: () => this.#filesChanged(),
      stillHere: () => this.#send({ text: say("idle.still"), files: [] }),
      suggest: (words) => this.#composer.suggest(words),
      announce: (text) => this.#thread.announce(text),
      notice: (text) => this.#notice(text),
    });
    this.#changed();
    return rest;
  }

  #opened(open: boolean): void {
    if (open) this.#changed();
    else this.#readUpTo = -1;
  }

  #send(draft: Draft): void {
    this.#readUpTo = -1;
    const topic = this.#session?.conversation ? null : this.#topics.chosen;
    this.#outbox.add({ ...draft, ...(topic && { topic }) });
    this.#session?.deliver();
    this.#thread.toEnd();
  }

  #draftChanged(draft: Draft): void {
    this.#outbox.draft = EMPTY; // out of date
    this.#session?.typing.tell(draft.text !== "");
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
    this.#composer.refresh();
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
    const [path, name] = [`/transcript?${query}`, `${conversation.reference}.${format}`];
    void this.#later.get().then(({ media }) => media.save(path, name));
  }

  #notice(text: string): void {
    const toast = h("div", { class: "toast" }, icon("circle-alert"), h("span", {}, text));
    part("toasts").append(toast);
    setTimeout(() => toast.remove(), 8_000);
  }
}

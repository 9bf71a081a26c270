/** Where an agent writes: replies and notes, drafts, files, and the message until it is stored. */

import * as drafts from "./drafts";
import type { Draft, Mode } from "./drafts";
import { Attachments } from "./attachments";
import { Refused, post } from "./http";
import { view } from "./list";
import { link } from "./live";
import { icon, parsed } from "./parts";
import { isOn } from "./settings";
import { say } from "./texts";
import { openThread } from "./thread";
import { toast } from "./toast";

const TYPING_EVERY_MS = 3000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;
const COUNT_FROM = 7000;

export class Composer extends HTMLElement {
  private mode: Mode = "public";
  private draft: Draft = { text: "", files: [], key: "" };
  private attachments!: Attachments;
  private sending = false;
  private retry = 0;
  private tries = 0;
  private closeAfter = false;
  /** The figures that differ from the case were shown, and this very text is meant. */
  private confirmed = false;
  private typedAt = 0;
  private readonly cameBack = () => this.retryNow();
  private readonly changedSetting = () => this.showHint();

  connectedCallback(): void {
    this.attachments = new Attachments(this, () => this.draft.files, () => this.changed());
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("click", (event) => this.pressed(event));
    link.addEventListener("state", this.cameBack);
    document.addEventListener("kefu:setting", this.changedSetting);
    this.show("public");
    this.showHint();
  }

  disconnectedCallback(): void {
    clearTimeout(this.retry);
    link.removeEventListener("state", this.cameBack);
    document.removeEventListener("kefu:setting", this.changedSetting);
  }

  /** Switch to replying or to noting, and put the caret there. */
  write(mode: Mode): void {
    if (mode !== this.mode && !this.sending) this.show(mode);
    this.box.focus();
  }

  private get conversation(): string {
    return this.dataset["conversation"] ?? "";
  }

  private get box(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  private show(mode: Mode): void {
    this.mode = mode;
    this.confirmed = false;
    this.draft = drafts.load(this.conversation, mode);
    this.box.value = this.draft.text;
    this.box.placeholder = this.box.dataset[mode] ?? "";
    this.classList.toggle("is-note", mode === "internal");
    for (const button of this.querySelectorAll<HTMLElement>("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset["mode"] === mode));
    }
    const name = this.querySelector<HTMLElement>("[data-send-name]")!;
    name.textContent = name.dataset[mode] ?? "";
    this.querySelector<HTMLElement>('[data-send="close"]')!.hidden = mode === "internal";
    this.clearHeld();
    this.attachments.draw();
    requestAnimationFrame(() => this.grow());
  }

  private typed(): void {
    this.draft.text = this.box.value;
    this.confirmed = false;
    this.querySelector(".composer-refusal")?.remove();
    this.changed();
    this.grow();
    if (this.mode === "public" && Date.now() - this.typedAt > TYPING_EVERY_MS) {
      this.typedAt = Date.now();
      link.send({ type: "typing", conversation: this.conversation, on: this.draft.text !== "" });
    }
  }

  private changed(): void {
    drafts.save(this.conversation, this.mode, this.draft);
    const left = this.querySelector<HTMLElement>("[data-count]")!;
    left.hidden = this.draft.text.length < COUNT_FROM;
    left.textContent = say("count", { count: this.draft.text.length, limit: this.box.maxLength });
  }

  /** Let the box grow with the text, up to twelve lines. */
  private grow(): void {
    this.box.rows = 2;
    if (!this.box.value) return;
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(this.box);
    const text = this.box.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    this.box.rows = Math.min(12, Math.max(2, Math.round(text / parseFloat(lineHeight))));
  }

  /** Ctrl+Enter sends; plain Enter too if the agent chose so; never while an IME composes. */
  private press(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      this.box.blur();
      openThread()?.focus();
    }
    if (event.key !== "Enter") return;
    const asked = event.ctrlKey || event.metaKey;
    if (!asked && (event.shiftKey || !isOn("enter"))) return;
    event.preventDefault();
    void this.send(asked && event.shiftKey && this.mode === "public");
  }

  private pressed(event: Event): void {
    const target = event.target as Element;
    const button = (name: string) => target.closest<HTMLElement>(`[data-${name}]`);
    const mode = button("mode")?.dataset["mode"];
    if (mode) this.write(mode as Mode);
    const send = button("send")?.dataset["send"];
    if (send) void this.send(send === "close");
    if (button("cancel")) this.stopRetrying();
    if (button("held-edit")) this.edit();
    if (button("held-send")) void this.sendAnyway();
  }

  private async send(close: boolean, readUpTo = openThread()?.read ?? 0): Promise<void> {
    if (this.sending || this.attachments.isUploading) return;
    if (!this.draft.text.trim() && !this.draft.files.length) return this.box.focus();
    this.closeAfter = close;
    this.lock(true);
    try {
      this.accepted(await post(`${this.dataset["url"]}?view=${view()}`, this.message(readUpTo)));
    } catch (error) {
      this.refused(error, readUpTo);
    }
  }

  private message(readUpTo: number): object {
    return {
      key: this.draft.key,
      text: this.draft.text,
      mode: this.mode,
      read_up_to: readUpTo,
      shown: openThread()?.head ?? 0,
      files: this.draft.files.map((file) => file.id),
      send_and_close: this.closeAfter,
      confirmed: this.confirmed,
    };
  }

  private accepted(html: string): void {
    drafts.forget(this.conversation, this.mode);
    this.tries = 0;
    this.lock(false);
    if (!this.isConnected) return;
    this.show(this.mode);
    const thread = openThread();
    if (thread?.conversation === this.conversation) {
      thread.take(html);
      thread.toEnd();
    }
    document.dispatchEvent(new CustomEvent("kefu:sent"));
    this.box.focus();
  }

  private refused(error: unknown, readUpTo: number): void {
    if (error instanceof Refused && !error.passing) {
      this.lock(false);
      if (error.status === 409 && error.body.includes("data-held")) this.hold(error.body);
      else if (error.code.startsWith("reply.")) this.explain(error.message);
      else toast(error.message || say("refused"));
      if (error.code === "key.taken") this.resolveTaken();
      return;
    }
    const known = error instanceof Refused ? error.retryAfter : null;
    const wait = known === null ? Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.tries++) : known * 1000;
    this.say(say(navigator.onLine ? "waiting" : "offline"));
    this.querySelector<HTMLElement>("[data-cancel]")!.hidden = false;
    this.retry = window.setTimeout(() => this.tryAgain(readUpTo), wait);
  }

  /** The first version arrived after all: what is in the box now becomes a message of its own. */
  private resolveTaken(): void {
    this.draft.key = drafts.newKey();
    this.changed();
    void openThread()?.refresh().catch(() => undefined);
  }

  private tryAgain(readUpTo: number): void {
    this.retry = 0;
    this.sending = false;
    void this.send(this.closeAfter, readUpTo);
  }

  private retryNow(): void {
    if (!this.retry || link.state !== "open") return;
    clearTimeout(this.retry);
    this.tryAgain(openThread()?.read ?? 0);
  }

  private stopRetrying(): void {
    clearTimeout(this.retry);
    this.retry = 0;
    this.lock(false);
    this.box.focus();
  }

  private hold(html: string): void {
    const slot = this.querySelector("[data-held-slot]")!;
    slot.replaceChildren(parsed(html));
    slot.querySelector<HTMLElement>("[data-held-edit]")?.focus();
    void openThread()?.refresh().catch(() => undefined);
  }

  /** Say why this very text is not sent, until it is changed. */
  private explain(why: string): void {
    const said = document.createElement("div");
    said.className = "notice is-danger composer-refusal";
    said.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = why || say("refused");
    said.append(icon("shield-alert"), words);
    this.querySelector("[data-held-slot]")!.replaceChildren(said);
    this.box.focus();
  }

  private clearHeld(): void {
    this.querySelector("[data-held-slot]")!.replaceChildren();
  }

  private edit(): void {
    this.clearHeld();
    openThread()?.toEnd();
    this.box.focus();
  }

  /** Send over the messages just shown, and over no later ones; or the figures just shown. */
  private async sendAnyway(): Promise<void> {
    const held = this.querySelector<HTMLElement>("[data-held]");
    if (held?.matches("[data-differs]")) this.confirmed = true;
    const newest = held?.dataset["newest"];
    this.clearHeld();
    await this.send(this.closeAfter, newest === undefined ? undefined : Number(newest));
  }

  private lock(on: boolean): void {
    this.sending = on;
    this.box.readOnly = on;
    this.classList.toggle("is-sending", on);
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-send], [data-attach], [data-mode]")) {
      button.disabled = on;
    }
    if (on) return;
    this.say("");
    this.querySelector<HTMLElement>("[data-cancel]")!.hidden = true;
  }

  private say(text: string): void {
    this.querySelector("[data-state]")!.textContent = text;
  }

  private showHint(): void {
    const command = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? "⌘" : "Ctrl";
    this.querySelector("[data-send-hint]")!.textContent = isOn("enter")
      ? say("hint.enter")
      : say("hint.ctrl", { command });
  }
}

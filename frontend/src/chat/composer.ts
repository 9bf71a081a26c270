// The field for the next message. Enter sends, except the one that belongs to an input method.

import type { Check } from "./check";
import { say } from "./config";
import { part } from "./dom";
import type { Files } from "./files";
import { length } from "./format";
import type { Held } from "./held";
import type { HoldListener } from "./hold";
import type { Next } from "./next";
import type { Draft } from "./outbox";
import type { Limits } from "./protocol";
import type { Pair } from "./harmless";

export interface ComposerListener {
  send(draft: Draft): void;
  changed(draft: Draft): void;
}

const AFTER_COMPOSING_MS = 50;
const WARN_BELOW = 400;

export class Composer {
  readonly #form = part<HTMLFormElement>("composer");
  readonly #field = part<HTMLTextAreaElement>("text");
  readonly #send = part<HTMLButtonElement>("send");
  readonly #count = part("count");
  readonly #picker = part<HTMLInputElement>("picker");
  readonly #label = part("text-label");
  readonly onHold: HoldListener = {
    release: (text, harmless) => this.#leave(text, harmless),
    edit: (found) => this.#select(found),
    rewritten: (text) => this.#write(text),
  };
  #next: Next = "message";
  #composedAt = -Infinity;

  constructor(
    private readonly files: Files,
    private readonly hold: Held,
    private readonly limits: () => Limits,
    private readonly check: Check,
    private readonly listener: ComposerListener,
  ) {
    this.#field.addEventListener("input", () => this.#changed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("compositionend", (event) => (this.#composedAt = event.timeStamp));
    this.#field.addEventListener("paste", (event) => this.#paste(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    part("attach").addEventListener("click", () => this.#picker.click());
    this.#picker.addEventListener("change", () => {
      this.files.add(this.#picker.files ?? []);
      this.#picker.value = "";
    });
    this.#takeDrops();
  }

  get draft(): Draft {
    return { text: this.#field.value, files: this.files.all };
  }

  /** Take a message in, before what is written already. */
  bring({ text, files }: Draft): void {
    this.hold.drop();
    this.files.put(files);
    this.#write([text, this.#field.value].filter(Boolean).join("\n"));
  }

  clear(): void {
    this.hold.drop();
    this.files.clear();
    this.#write("");
  }

  /** Send what waited for its files, if it can go now. */
  retry(): void {
    this.hold.retry();
  }

  focus(): void {
    this.#field.focus({ preventScroll: true });
  }

  submit(): void {
    const text = wellFormed(this.#field.value.trim());
    if (!this.#isReady({ ...this.draft, text })) return this.focus();
    if (this.check.isClean(text)) return this.#leave(text, []);
    this.#write(text); // what is found is counted from its beginning
    this.hold.take(text);
  }

  #leave(text: string, harmless: readonly Pair[]): void {
    if (this.files.isBusy) {
      this.hold.wait(() => this.#leave(text, harmless));
      return this.focus();
    }
    this.listener.send({ ...this.draft, text, ...(harmless.length && { harmless }) });
    this.#field.value = "";
    this.files.clear();
    this.#changed();
    this.focus();
  }

  /** Write words at the end, for the customer to go on from. */
  suggest(words: string): void {
    const before = this.#field.value;
    const gap = before === "" || before.endsWith("\n") ? "" : "\n";
    this.#field.value = before + gap + words;
    this.#changed();
    this.focus();
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }

  /** Say what the next message will be. */
  expect(next: Next): void {
    this.#next = next;
    this.refresh();
  }

  /** Draw what depends on the text and the files. */
  refresh(): void {
    const placeholder = say(`message.${this.#next}`);
    if (this.#field.placeholder !== placeholder) {
      this.#field.placeholder = placeholder;
      this.#label.textContent = this.#next === "leave" ? placeholder : say("message.label");
    }
    this.#send.setAttribute("aria-disabled", String(!this.#isReady(this.draft)));
    this.#grow();
    this.#drawCount();
  }

  #isReady(draft: Draft): boolean {
    const hasContent = draft.text.trim() !== "" || draft.files.length > 0;
    return hasContent && !this.files.isBusy && length(draft.text) <= this.limits().text;
  }

  #write(text: string): void {
    this.#field.value = text;
    this.refresh();
  }

  #select(found: { start: number; end: number } | null): void {
    this.focus();
    if (found) this.#field.setSelectionRange(found.start, found.end);
  }

  #changed(): void {
    this.hold.drop();
    this.check.foresee(this.#field.value.slice(0, this.limits().text));
    this.refresh();
    this.listener.changed(this.draft);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.hold.isOpen && !event.isComposing) {
      event.preventDefault();
      this.hold.edit();
    }
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    // 229 and the pause: Safari ends the composition before it reports the Enter that ended it
    const isComposing = event.isComposing || event.keyCode === 229;
    if (isComposing || event.timeStamp - this.#composedAt < AFTER_COMPOSING_MS) return;
    event.preventDefault();
    this.submit();
  }

  #paste(event: ClipboardEvent): void {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    this.files.add(files);
  }

  #takeDrops(): void {
    const over =
      (on: boolean) =>
      (event: DragEvent): void => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        document.body.classList.toggle("is-dropping", on);
        if (event.type === "drop") this.files.add(event.dataTransfer.files);
      };
    document.addEventListener("dragover", over(true));
    document.addEventListener("drop", over(false));
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? over(false)(event));
  }

  #grow(): void {
    const { style } = this.#field;
    style.height = "auto";
    style.height = `${this.#field.scrollHeight}px`; // the style sheet stops it at six lines
  }

  #drawCount(): void {
    const { text: max } = this.limits();
    const left = max - length(this.#field.value);
    this.#count.hidden = left > WARN_BELOW;
    this.#count.classList.toggle("is-over", left < 0);
    this.#count.textContent =
      left < 0 ? say("limit.over", { n: -left, max }) : say("limit.left", { n: left });
  }
}

/** Return text without halves of characters, which no server can store. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/g, "");
}

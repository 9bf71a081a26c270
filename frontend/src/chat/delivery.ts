// Sends what is unsent, one message at a time so that their order holds, with the same key until
// the desk acknowledges it.

import type { Outbox, Unsent } from "./outbox";
import type { ClientFrame, Problem } from "./protocol";
import { inCodePoints } from "./harmless";

export type UnsentStatus = "sending" | "kept" | "refused";

const ACK_MS = 12_000;
const PAUSE_SECONDS = 2;
const OTHER_TAB_MS = 5_000;
const FINAL = /^(text|harmless|file|key|frame|request|http|forbidden)\b/; // the same again would not help

/** Errors that name no message but are that of the one just sent: it could not be read at all. */
const KEYLESS = new Set(["rate.limited", "frame.malformed", "frame.too_large"]);

export class Delivery {
  #flying: string | null = null;
  #isHeld = false;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #hold: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly isUp: () => boolean,
    private readonly mostHarmless: () => number,
    private readonly send: (frame: ClientFrame) => void,
    private readonly unanswered: () => void,
  ) {}

  /** Send the oldest message that the desk may still take, unless one is under way. */
  pump(): void {
    if (!this.isUp() || this.#isHeld || this.#flying !== null) return;
    const next = this.outbox.all().find((message) => message.refused === undefined);
    if (!next) return;
    this.#flying = next.key;
    this.#patience = setTimeout(() => this.unanswered(), ACK_MS);
    this.send(frameOf(next, this.mostHarmless()));
  }

  /** A new wire: what was under way on the old one is sent again. */
  again(): void {
    this.#land();
    clearTimeout(this.#hold);
    this.#isHeld = false;
    this.pump();
  }

  /** Another tab keeps a new message: it sends it; should it be gone, we do. */
  later(): void {
    setTimeout(() => this.pump(), OTHER_TAB_MS);
  }

  stored(key: string): Unsent | null {
    const message = this.outbox.take(key);
    if (key === this.#flying) this.#land();
    this.pump();
    return message;
  }

  /** Return whether the problem was that of a message: refused for good, or held for a while. */
  failed(problem: Problem): boolean {
    const key = problem.key ?? this.#flying;
    if (key === null || (problem.key === undefined && !KEYLESS.has(problem.code))) return false;
    this.#land();
    if (FINAL.test(problem.code)) this.outbox.refuse(key, problem.text);
    else this.#pause(problem.retry_after ?? PAUSE_SECONDS);
    this.pump();
    return true;
  }

  status(message: Unsent): UnsentStatus {
    if (message.refused !== undefined) return "refused";
    return this.isUp() && !this.#isHeld ? "sending" : "kept";
  }

  #pause(seconds: number): void {
    this.#isHeld = true;
    this.#hold = setTimeout(() => this.again(), seconds * 1000);
  }

  #land(): void {
    this.#flying = null;
    clearTimeout(this.#patience);
  }
}

function frameOf({ key, text, files, harmless, topic }: Unsent, most: number): ClientFrame {
  return {
    type: "say",
    key,
    text,
    ...(files.length && { files: files.map((file) => file.id) }),
    ...(harmless && { harmless: inCodePoints(text, harmless, most) }),
    ...(topic && { topic }),
  };
}

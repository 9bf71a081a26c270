// The events of the customer's conversations in order, each once.

import type { ChatEvent } from "./protocol";

export type Added = "new" | "changed" | "same";

interface Part {
  events: Map<number, ChatEvent>;
  cursor: number; // every event up to here was received from the stream
  blank: Set<number>; // but these are out of date
  asked: { after: number; head: number }; // all after the first was asked for when the second was last
}

export class Log {
  readonly #parts = new Map<string, Part>();

  /** Take in an event of the stream, which comes in order; resent ones replace what they repeat. */
  add(event: ChatEvent): Added {
    const part = this.#part(event.conversation);
    part.cursor = Math.max(part.cursor, event.seq);
    return put(part, event);
  }

  /** Take in our own message from its receipt. The stream may still owe events before it. */
  addReceipt(event: ChatEvent): Added {
    const part = this.#part(event.conversation);
    return part.events.has(event.seq) ? "same" : put(part, event);
  }

  /** Hide a message that was replaced until the new one arrives. Return false if the new one is here. */
  redact({ conversation, seq, data }: ChatEvent): boolean {
    const part = this.#part(conversation);
    const old = part.events.get(data?.seq ?? 0);
    const isCurrent = !old || (old.seq > part.asked.after && seq <= part.asked.head);
    if (isCurrent) return false;
    part.events.set(old.seq, { ...old, text: "", data: { ...old.data, files: [] } });
    part.blank.add(old.seq);
    return true;
  }

  /** Return the last event before the first that has still to come. */
  cursor(conversation: string): number {
    const { cursor, blank } = this.#part(conversation);
    return Math.min(cursor, ...[...blank].map((seq) => seq - 1));
  }

  /** Return after which event to ask for the rest, now that the last is `head`. */
  ask(conversation: string, head: number): number {
    const after = this.cursor(conversation);
    this.#part(conversation).asked = { after, head };
    return after;
  }

  reached(conversation: string, head: number): void {
    const part = this.#part(conversation);
    part.cursor = Math.max(part.cursor, head);
  }

  /** Return the conversations that have more events than we received. */
  behind(heads: Readonly<Record<string, number>>): string[] {
    return Object.keys(heads).filter((id) => (heads[id] ?? 0) > this.cursor(id));
  }

  /** Return all events, conversation by conversation, in order. */
  all(): ChatEvent[] {
    return [...this.#parts.values()].flatMap((part) =>
      [...part.events.values()].sort((a, b) => a.seq - b.seq),
    );
  }

  clear(): void {
    this.#parts.clear();
  }

  #part(conversation: string): Part {
    const part = this.#parts.get(conversation) ?? { events: new Map(), cursor: 0, blank: new Set(), asked: { after: 0, head: 0 } };
    this.#parts.set(conversation, part);
    return part;
  }
}

/** Return whether the customer should know of an event soon: an answer, or bad news. */
export function isNews({ kind, from, data }: ChatEvent): boolean {
  if (from.kind === "customer") return false;
  const isBad = data?.kind === "renewed" || data?.to === "idle" || data?.step === "declined";
  return kind === "message" || (isBad && kind !== "redaction");
}

function put(part: Part, event: ChatEvent): Added {
  const before = part.events.get(event.seq);
  part.events.set(event.seq, event);
  part.blank.delete(event.seq);
  if (!before) return "new";
  return before.text === event.text ? "same" : "changed";
}

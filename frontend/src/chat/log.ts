// The events of the customer's conversations in order, each once.

import type { ChatEvent } from "./protocol";

export type Added = "new" | "changed" | "same";

interface Part {
  events: Map<number, ChatEvent>;
  cursor: number; // every event up to here was received from the stream
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

  /** Hide the text of a message that was replaced, until the new one arrives. */
  blank(conversation: string, seq: number): void {
    const part = this.#part(conversation);
    const event = part.events.get(seq);
    if (event) part.events.set(seq, { ...event, text: "", data: { ...event.data, files: [] } });
  }

  cursor(conversation: string): number {
    return this.#parts.get(conversation)?.cursor ?? 0;
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
    const part = this.#parts.get(conversation) ?? { events: new Map(), cursor: 0 };
    this.#parts.set(conversation, part);
    return part;
  }
}

function put(part: Part, event: ChatEvent): Added {
  const before = part.events.get(event.seq);
  part.events.set(event.seq, event);
  if (!before) return "new";
  return before.text === event.text ? "same" : "changed";
}

// Messages that the desk has not acknowledged yet, and the draft. Each message is an entry of its
// own, so two tabs never overwrite each other; both may send it, and its key makes that harmless.

import type { Keep } from "./keep";
import type { FileInfo } from "./protocol";
import type { Pair } from "./harmless";

export interface Unsent {
  key: string;
  text: string;
  files: FileInfo[];
  harmless?: readonly Pair[]; // spans that look like a secret and are none, says the author
  topic?: string; // what it is about, should it begin a conversation
  at: string;
  refused?: string; // why the desk will not take it, in words
}

export interface Draft {
  text: string;
  files: FileInfo[];
  harmless?: readonly Pair[];
  topic?: string;
}

export const EMPTY: Draft = { text: "", files: [] };
const ENTRY = "out:";
const DRAFT = "draft";

export class Outbox {
  #last = 0; // two messages of one millisecond keep their order

  constructor(private readonly keep: Keep) {}

  add(draft: Draft, now = Date.now()): Unsent {
    this.#last = Math.max(now, this.#last + 1);
    const message = { key: newKey(), ...draft, at: new Date(this.#last).toISOString() };
    this.#put(message);
    return message;
  }

  /** Return every unsent message, the oldest first. */
  all(): Unsent[] {
    return this.keep
      .names(ENTRY)
      .flatMap((name) => parsed<Unsent>(this.keep.get(name)) ?? [])
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  refuse(key: string, why: string): void {
    const message = parsed<Unsent>(this.keep.get(ENTRY + key));
    if (message) this.#put({ ...message, refused: why });
  }

  /** Take a message out, stored by the desk or withdrawn, and return it if it was here. */
  take(key: string): Unsent | null {
    const message = parsed<Unsent>(this.keep.get(ENTRY + key));
    this.keep.remove(ENTRY + key);
    return message;
  }

  clear(): void {
    for (const name of this.keep.names(ENTRY)) this.keep.remove(name);
    this.keep.remove(DRAFT);
  }

  get draft(): Draft {
    return parsed<Draft>(this.keep.get(DRAFT)) ?? EMPTY;
  }

  set draft(draft: Draft) {
    if (draft.text || draft.files.length) this.keep.set(DRAFT, JSON.stringify(draft));
    else this.keep.remove(DRAFT);
  }

  #put(message: Unsent): void {
    this.keep.set(ENTRY + message.key, JSON.stringify(message));
  }
}

function parsed<Value>(text: string | null): Value | null {
  try {
    return text === null ? null : (JSON.parse(text) as Value);
  } catch {
    return null; // written by something else: not ours to send
  }
}

/** Return a new UUIDv4. By hand: `randomUUID` is missing on pages without TLS. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

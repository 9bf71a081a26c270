/** Drafts: one a conversation and mode, kept in this tab until the server has acknowledged it. */

export type Mode = "public" | "internal";

export interface Attached {
  id: string;
  name: string;
  size: number;
}

export interface Draft {
  text: string;
  files: Attached[];
  /** The message's own id: made once, sent with every try, so that a retry is no second message. */
  key: string;
}

/** Return the draft that was kept, or an empty one. */
export function load(conversation: string, mode: Mode): Draft {
  const kept = sessionStorage.getItem(place(conversation, mode));
  return kept ? (JSON.parse(kept) as Draft) : { text: "", files: [], key: newKey() };
}

/** Keep a draft; an empty one is forgotten. */
export function save(conversation: string, mode: Mode, draft: Draft): void {
  if (draft.text || draft.files.length) {
    sessionStorage.setItem(place(conversation, mode), JSON.stringify(draft));
  } else {
    forget(conversation, mode);
  }
}

/** Forget a draft: it was acknowledged, or emptied. */
export function forget(conversation: string, mode: Mode): void {
  sessionStorage.removeItem(place(conversation, mode));
}

function place(conversation: string, mode: Mode): string {
  return `kefu:draft:${conversation}:${mode}`;
}

/** Return a random UUID, also where `crypto.randomUUID` is missing (plain HTTP on a network). */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

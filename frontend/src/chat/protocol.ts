// The frames of docs/protocol.md, version 1, as the customer's side knows them.

export const VERSION = 1;

export interface FileInfo {
  id: string;
  name: string;
  content_type: string;
  size: number;
  width?: number | null;
  height?: number | null;
  state?: "clean" | "checking" | "unchecked" | "removed";
  found?: string[]; // kinds of secret that were taken out of it
}

export interface Person {
  name?: string | null;
  badge?: string | null;
}

export interface Author extends Person {
  kind: "customer" | "agent" | "bot" | "rule" | "system";
}

export interface EventData {
  to?: "open" | "closed" | "reopened";
  reference?: string;
  agent?: Person | null;
  from?: Person | null;
  files?: FileInfo[];
  seq?: number; // of the message that a redaction replaced, or a warning is about
  kind?: string; // of the secret that a redaction removed
  file?: string; // that a redaction removed from the message
  reasons?: string[]; // of a warning
}

export interface ChatEvent {
  conversation: string;
  seq: number;
  id?: string;
  kind: "message" | "state" | "assignment" | "redaction" | "warning";
  at: string;
  from: Author;
  text?: string | null;
  key?: string | null;
  data?: EventData;
}

export interface Seen {
  agent: number;
  customer: number;
}

export interface Conversation {
  id: string;
  reference: string;
  status: "open" | "closed";
  head: number;
  seen: Seen;
  agent: Person | null;
}

export interface Limits {
  text: number;
  file: number; // bytes
  files: number; // a message
  types: readonly string[];
}

export interface Welcome {
  type: "welcome";
  token?: string;
  you: { kind: "visitor" | "customer"; name?: string | null; mark?: string | null };
  conversation: Conversation | null;
  beat: number; // seconds
  limits?: Limits;
  problem?: string;
}

export interface Ack {
  type: "ack";
  key: string;
  conversation: string;
  reference: string;
  seq: number;
  at: string;
  text: string; // as stored: secrets masked
}

export interface Problem {
  type: "error";
  code: string;
  text: string;
  key?: string;
  retry_after?: number; // seconds
}

export type ServerFrame =
  | Welcome
  | Ack
  | Problem
  | ({ type: "event" } & ChatEvent)
  | { type: "caught_up"; conversation: string; head: number }
  | { type: "seen"; conversation: string; by: "agent" | "customer"; seq: number }
  | { type: "typing"; conversation: string; by: "agent" | "customer"; name?: string; on: boolean }
  | { type: "beat"; heads: Record<string, number> }
  | { type: "pong" }
  | { type: "bye"; code: string; retry_after?: number };

export interface Hello {
  type: "hello";
  v: typeof VERSION;
  inbox: string;
  site: string;
  token?: string;
  identity?: string;
  lang: string;
}

export type ClientFrame =
  | Hello
  | {
      type: "say";
      key: string;
      text: string;
      files?: string[];
      harmless?: (readonly [start: number, end: number])[]; // code points
    }
  | { type: "resume"; conversation: string; after: number }
  | { type: "seen"; conversation: string; seq: number }
  | { type: "typing"; conversation: string; on: boolean }
  | { type: "ping" }
  | { type: "bye" };

/** Return the frame in a socket's text, or null when it is none. Unknown types pass: readers skip them. */
export function frameOf(text: unknown): ServerFrame | null {
  try {
    const value: unknown = typeof text === "string" ? JSON.parse(text) : null;
    const known = typeof value === "object" && value !== null && "type" in value;
    return known ? (value as ServerFrame) : null;
  } catch {
    return null; // not JSON: the caller counts it as a broken wire
  }
}

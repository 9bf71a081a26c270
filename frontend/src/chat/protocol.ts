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

export type Team = "senior" | "technical";
export type Step = "requested" | "accepted" | "answered" | "declined" | "withdrawn";

export interface EventData {
  to?: "open" | "closed" | "reopened" | "idle" | "topic" | Team;
  reference?: string;
  agent?: Person | null;
  from?: Person | null;
  files?: FileInfo[];
  seq?: number; // of the message that a redaction replaced, or a warning is about
  kind?: string; // of the secret that a redaction removed, or of a promise: wait, renewed, later
  file?: string; // that a redaction removed from the message
  reasons?: string[]; // of a warning
  topic?: string;
  follows?: string; // the reference of the case before
  closes_at?: string;
  id?: string; // of an escalation
  step?: Step;
  owner?: Person;
  reason?: string;
  due_at?: string; // of an escalation or a promise
  choice?: string; // how the answer is to come
}

export interface ChatEvent {
  conversation: string;
  seq: number;
  id?: string;
  kind:
    | "message"
    | "state"
    | "assignment"
    | "redaction"
    | "warning"
    | "escalation"
    | "promise"
    | "continuation";
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
  harmless: number; // spans of a message
}

/** A place in the queue. Seconds from low to high; null: nobody can say. */
export interface Wait {
  conversation: string;
  position: number | null; // from 1; null: it waits no more
  low: number | null;
  high: number | null;
  by: string | null; // the promised instant
  peak: boolean;
  offers: readonly string[]; // other ways for the answer to come
}

/** How the desk is now. */
export interface Floor {
  hours?: { open: boolean; opens_at?: string | null };
  peak?: boolean;
}

export interface Welcome extends Floor {
  type: "welcome";
  token?: string;
  you: { kind: "visitor" | "customer"; name?: string | null; mark?: string | null };
  conversation: Conversation | null;
  beat: number; // seconds
  limits?: Limits;
  problem?: string;
  wait?: Omit<Wait, "conversation"> | null;
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
  | ({ type: "wait" } & Wait)
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
      topic?: string;
    }
  | { type: "resume"; conversation: string; after: number }
  | { type: "seen"; conversation: string; seq: number }
  | (About & { conversation: string })
  | { type: "ping" }
  | { type: "bye" };

/** What may be told of the conversation without a line of its own. */
export type About =
  | { type: "typing"; on: boolean }
  | { type: "escalate"; to: Team }
  | { type: "solve" }
  | { type: "continue"; by: "app" };

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

// What the loader on the host's page and the chat in its frame may say to each other.
//
// The frame says `ready` (to anyone: it tells nothing); the loader answers `hello` with a fresh
// nonce, to the desk's origin only. From then on each side checks origin, source and nonce.

export type ToFrame =
  | { type: "hello"; open: boolean; token?: string }
  | { type: "open"; open: boolean }
  | { type: "focus"; edge: "input" | "first" | "last" }
  | { type: "identify"; token: string }
  | { type: "logout" };

export type FromFrame =
  | { type: "ready"; lang: string }
  | { type: "close" }
  | { type: "unread"; count: number }
  | { type: "message" } // an agent's message came; its text stays inside the frame
  | { type: "talking"; on: boolean }; // a conversation exists: load early on the next page

export type Sealed<Message> = Message & { kefu: string };

/** Return the message inside a `message` event's data, or null when it is not one of ours. */
export function opened<Message extends { type: string }>(data: unknown): Sealed<Message> | null {
  if (typeof data !== "object" || data === null) return null;
  const { kefu, type } = data as { kefu?: unknown; type?: unknown };
  return typeof kefu === "string" && typeof type === "string" ? (data as Sealed<Message>) : null;
}

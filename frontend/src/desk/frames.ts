/** Frames of the socket protocol, version 1, as far as the desk reads them. */

export type Frame =
  | { type: "welcome"; beat?: number }
  | { type: "event"; conversation: string; seq: number; kind: string }
  | { type: "caught_up"; conversation: string; head: number }
  | { type: "seen"; conversation: string; by: "agent" | "customer"; seq: number }
  | { type: "typing"; conversation: string; by: "agent" | "customer"; on: boolean }
  | { type: "changed"; conversations?: string[] }
  | { type: "beat"; heads: Record<string, number>; list?: number | null }
  | { type: "error"; code: string; text: string }
  | { type: "bye"; code: string; retry_after?: number }
  | { type: "pong" };

export type FrameOf<T extends Frame["type"]> = Extract<Frame, { type: T }>;

/** Return the frame a text holds, or null for one this desk does not know. */
export function parse(text: string): Frame | null {
  try {
    const frame: unknown = JSON.parse(text);
    return isFrame(frame) ? frame : null;
  } catch {
    return null;
  }
}

const KNOWN = new Set<string>([
  "welcome", "event", "caught_up", "seen", "typing", "changed", "beat", "error", "bye", "pong",
]);

function isFrame(value: unknown): value is Frame {
  if (typeof value !== "object" || value === null) return false;
  const { type } = value as { type?: unknown };
  return typeof type === "string" && KNOWN.has(type);
}

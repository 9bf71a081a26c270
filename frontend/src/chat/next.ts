import type { Session } from "./session";

/** What the next message will be: one of the talk, one that opens it again, or one for later. */
export type Next = "message" | "closed" | "leave";

/** Return what the next message will be: nobody may be there to answer it soon. */
export function next({ conversation, floor, wait }: Session): Next {
  if (conversation?.status === "closed") return "closed";
  if (conversation?.agent) return "message";
  const isOpen = floor.hours?.open ?? true;
  return (wait ? wait.low === null : !isOpen) ? "leave" : "message";
}

// What the customer does with a row of the thread: a message that was not sent, a reference, advice.

import type { Acts } from "./bubbles";
import { say } from "./config";
import { icon, part } from "./dom";
import type { Keep } from "./keep";
import type { Unsent } from "./outbox";
import { FOLDED } from "./session";

export interface RowListener {
  take(key: string): Unsent | null; // out of the outbox
  bring(message: Unsent): void; // back into the field
  changed(): void;
  announce(text: string): void;
  notice(text: string): void;
}

export function rowActs(keep: Keep, listener: RowListener): Acts {
  const folded = (): string[] => keep.get(FOLDED)?.split(" ") ?? [];
  return {
    edit(key) {
      const message = listener.take(key);
      if (message) listener.bring(message);
      part("text").focus({ preventScroll: true });
      listener.changed();
    },
    remove(key) {
      listener.take(key);
      listener.changed();
    },
    copy: (text, button) => void copy(text, button, listener),
    isFolded: (advice) => folded().includes(advice),
    fold(advice, isFolded) {
      const others = folded().filter((other) => other !== advice);
      keep.set(FOLDED, [...others, ...(isFolded ? [advice] : [])].join(" "));
    },
  };
}

async function copy(text: string, button: HTMLElement, listener: RowListener): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return listener.notice(say("reference.not_copied", { reference: text }));
  }
  button.querySelector("svg")?.replaceWith(icon("check"));
  listener.announce(say("reference.copied"));
}

// Brings what a plain message does not need (rest.ts), with its texts and looks: when the page has
// nothing else to do, or when something first calls for it.

import { backoff } from "./backoff";
import type { Rest } from "./rest";
import type { Opener, Wire } from "./wire";

export interface Addresses {
  script: string;
  style: string;
  texts: string;
}

export interface LaterListener {
  texts(texts: Record<string, string>): void;
  came(made: typeof import("./rest")): Rest;
  failed(): void; // told once; it is tried again
}

const SLOWEST_TRY = 3; // then a try every four seconds at most
const IDLE_MS = 2_000;

export class Later {
  rest: Rest | null = null;
  #coming: Promise<Rest> | undefined;

  constructor(
    private readonly from: Addresses,
    private readonly listener: LaterListener,
  ) {}

  /** Fetch it when the page has loaded and rests. */
  foresee(): void {
    const fetch = (): void => void this.get();
    const soon = (): void => {
      if ("requestIdleCallback" in window) requestIdleCallback(fetch, { timeout: IDLE_MS });
      else setTimeout(fetch, IDLE_MS / 4); // Safari
    };
    if (document.readyState === "complete") soon();
    else addEventListener("load", soon, { once: true });
  }

  /** Return it, however long the network takes. */
  get(): Promise<Rest> {
    return (this.#coming ??= this.#bring());
  }

  /** Plain requests carry the chat where sockets don't get through; most never need them. */
  readonly requests: Opener = (hello, listener) => {
    let wire: Wire | null = null;
    let isOver = false;
    void this.get().then((rest) => {
      if (!isOver) wire = rest.openPolling(hello, listener);
    });
    return {
      send: (frame) => wire?.send(frame),
      close: () => {
        isOver = true;
        wire?.close();
      },
    };
  };

  async #bring(): Promise<Rest> {
    let isTold = false;
    for (let tries = 0; ; tries++) {
      const made = await this.#fetch(tries).catch(() => null);
      if (made) return (this.rest = this.listener.came(made));
      if (tries > 0 && !isTold && navigator.onLine) {
        isTold = true; // offline, the banner says enough
        this.listener.failed();
      }
      await new Promise((again) => setTimeout(again, backoff(Math.min(tries, SLOWEST_TRY))));
    }
  }

  async #fetch(tries: number): Promise<typeof import("./rest")> {
    const { script, style, texts } = this.from;
    const more = tries > 0 ? `?${tries}` : ""; // browsers remember scripts that failed
    const [made, words] = await Promise.all([
      import(script + more) as Promise<typeof import("./rest")>,
      fetch(texts).then((answer) => answer.json() as Promise<Record<string, string>>),
      styled(style + more),
    ]);
    this.listener.texts(words);
    return made;
  }
}

function styled(href: string): Promise<void> {
  const link = document.createElement("link");
  return new Promise((resolve, reject) => {
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error("no style"));
    };
    document.head.append(link);
  });
}

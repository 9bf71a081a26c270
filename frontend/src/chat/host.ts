// The page that carries this chat in a frame, if one does. The server's `frame-ancestors` decides
// who may; here each message is checked for source, origin and the nonce of the loader's hello.

import { opened, type FromFrame, type ToFrame } from "../shared/bridge";

export interface HostListener {
  opened(open: boolean): void;
  focus(edge: "input" | "first" | "last"): void;
  identify(token: string): void;
  logout(): void;
}

export interface Introduction {
  site: string; // the origin of the page the customer is on
  token?: string;
}

const PATIENCE_MS = 2_500;

export class Host {
  isOpen = true;
  #origin: string | null = null;
  #nonce = "";

  constructor(
    readonly isFramed: boolean,
    private readonly origins: readonly string[] | undefined,
    private readonly listener: HostListener,
  ) {}

  /** Wait for the loader to introduce itself. A bare iframe has none: then the browser names the page. */
  meet(lang: string): Promise<Introduction> {
    if (!this.isFramed) return Promise.resolve({ site: location.origin });
    return new Promise((resolve) => {
      const alone = setTimeout(() => resolve({ site: carrier() ?? location.origin }), PATIENCE_MS);
      addEventListener("message", (event) => {
        const message = this.#checked(event);
        if (message?.type !== "hello") return message ? this.#hear(message) : undefined;
        clearTimeout(alone);
        this.isOpen = message.open;
        resolve({ site: event.origin, ...(message.token && { token: message.token }) });
      });
      parent.postMessage(
        { type: "ready", lang, kefu: "" } satisfies FromFrame & { kefu: string },
        "*",
      );
    });
  }

  tell(message: FromFrame): void {
    if (this.#origin) parent.postMessage({ ...message, kefu: this.#nonce }, this.#origin);
  }

  #checked(event: MessageEvent): ToFrame | null {
    if (event.source !== parent || !this.#isHost(event.origin)) return null;
    const message = opened<ToFrame>(event.data);
    if (!message) return null;
    if (!this.#nonce && message.type === "hello" && message.kefu) {
      this.#nonce = message.kefu;
      this.#origin = event.origin;
      return message;
    }
    return message.kefu === this.#nonce && this.#nonce ? message : null;
  }

  #isHost(origin: string): boolean {
    if (this.#origin !== null) return origin === this.#origin;
    const known = carrier();
    return (known === null || origin === known) && (this.origins?.includes(origin) ?? true);
  }

  #hear(message: ToFrame): void {
    if (message.type === "open") {
      this.isOpen = message.open;
      this.listener.opened(message.open);
    } else if (message.type === "focus") this.listener.focus(message.edge);
    else if (message.type === "identify") this.listener.identify(message.token);
    else if (message.type === "logout") this.listener.logout();
  }
}

/** Return the origin of the page around this frame as the browser knows it, or null. */
function carrier(): string | null {
  if (location.ancestorOrigins?.[0]) return location.ancestorOrigins[0];
  const from = document.referrer ? new URL(document.referrer).origin : location.origin;
  return from === location.origin ? null : from; // our own origin: the frame was navigated
}

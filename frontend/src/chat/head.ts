// The top of the window: who answers, how the connection is, language, menu, close.

import { config, say } from "./config";
import { h, part } from "./dom";
import type { Session } from "./session";

const QUIET_MS = 700; // a quick connection never flashes a banner

export class Head {
  readonly #banner = part("banner");
  readonly #words = part("banner-words");
  readonly #retry = part("retry");
  readonly #contact = part("contact");
  readonly #who = part("who");
  #shown = "";
  #soon: ReturnType<typeof setTimeout> | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly session: Session) {
    this.#retry.addEventListener("click", () => session.connection.restart());
  }

  draw(): void {
    this.#drawWho();
    const [kind, words] = this.#state();
    clearInterval(this.#tick);
    if (kind === "waiting") this.#tick = setInterval(() => this.#show(...this.#state()), 1000);
    const isUrgent = kind === "" || kind === "offline" || kind === "refused";
    if (isUrgent || kind === this.#shown) this.#show(kind, words);
    else this.#soon ??= setTimeout(() => this.#show(...this.#state()), QUIET_MS);
  }

  #state(): [kind: string, words: string] {
    const { connection, outbox, isCatchingUp } = this.session;
    const { state } = connection;
    const waiting = outbox.all().filter((message) => message.refused === undefined).length;
    const kept = waiting > 0 ? say("link.kept", { n: waiting }) : "";
    if (state.at === "offline") return ["offline", say("link.offline") + kept];
    if (state.at === "refused") return ["refused", state.text || say("link.refused")];
    if (state.at === "connecting") return ["connecting", say("link.connecting") + kept];
    if (state.at === "up") return isCatchingUp ? ["catching", say("link.catching")] : ["", ""];
    const seconds = Math.max(1, Math.ceil((state.until - Date.now()) / 1000));
    return ["waiting", say("link.waiting", { seconds }) + kept];
  }

  #show(kind: string, words: string): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#shown = kind;
    this.#banner.hidden = kind === "";
    this.#banner.className = `banner is-${kind} ${kind === "connecting" || kind === "catching" ? "" : "is-warn"}`;
    if (this.#words.textContent !== words) this.#words.textContent = words;
    this.#retry.hidden = kind !== "waiting";
    this.#contact.hidden = kind !== "refused";
  }

  #drawWho(): void {
    const agent =
      this.session.conversation?.status === "open" ? this.session.conversation.agent : null;
    const words = agent?.name
      ? `${agent.name}${agent.badge ? ` · ${agent.badge}` : ""}`
      : say("official");
    if (this.#who.dataset["words"] === words) return;
    this.#who.dataset["words"] = words;
    const href = agent?.badge
      ? `${config.verify}?q=${encodeURIComponent(agent.badge)}`
      : config.verify;
    const verify = h("a", { href, target: "_blank", rel: "noopener" }, say("verify"));
    this.#who.replaceChildren(h("span", { class: "truncate" }, words), verify);
  }
}

// The launcher and the window: elements of our own in a closed shadow tree, nothing of the host's.

import { labels } from "./labels";
import { dress } from "./style";

const BUBBLE = [
  "M5 4h14a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-7l-5 4v-4H5a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z",
  "M7.5 9h9M7.5 12.5h5",
];
const CROSS = ["M6 6l12 12M18 6 6 18"];

export class Shell {
  readonly corner = make("div", "k");
  readonly button = make("button", "go");
  readonly window = make("div", "k w");
  readonly edges = [edge(), edge()] as const;
  frame: HTMLIFrameElement | null = null;
  readonly #host = document.createElement("kefu-widget");
  readonly #badge = make("span", "n");
  readonly #pending = make("div", "p");

  constructor() {
    const root = this.#host.attachShadow({ mode: "closed" });
    dress(root);
    this.button.type = "button";
    this.button.append(drawing(BUBBLE), drawing(CROSS));
    this.button.setAttribute("aria-expanded", "false");
    this.#badge.hidden = true;
    this.#badge.setAttribute("aria-hidden", "true");
    this.corner.append(this.button, this.#badge);
    this.window.setAttribute("role", "dialog");
    this.window.append(this.edges[0], this.#pending, this.edges[1]);
    root.append(this.corner, this.window);
    document.documentElement.append(this.#host);
  }

  /** Put the chat's frame into the window, behind a sign of life until it speaks. */
  load(src: string): void {
    this.#pending.replaceChildren();
    this.frame ??= this.#newFrame();
    this.frame.classList.remove("up");
    this.frame.src = src;
  }

  #newFrame(): HTMLIFrameElement {
    const frame = document.createElement("iframe");
    frame.allow = "clipboard-write; autoplay";
    frame.referrerPolicy = "origin";
    this.edges[1].before(frame);
    return frame;
  }

  arrived(): void {
    this.frame?.classList.add("up");
    this.#pending.replaceChildren();
  }

  failed(lang: string, page: string): void {
    const link = document.createElement("a");
    link.href = page;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = labels(lang).page ?? "";
    this.#pending.replaceChildren(labels(lang).failed ?? "", link);
    this.#pending.setAttribute("role", "alert");
  }

  show(open: boolean, full: boolean): void {
    this.window.classList.toggle("on", open);
    this.window.setAttribute("aria-modal", String(full));
    this.button.setAttribute("aria-expanded", String(open));
  }

  /** Name the launcher, its badge and the window in lang. */
  name(lang: string, open: boolean, unread: number): void {
    const words = labels(lang);
    const news = unread > 0 && !open ? (words.unread ?? "{n}").replace("{n}", String(unread)) : "";
    this.#host.lang = lang;
    this.button.setAttribute(
      "aria-label",
      [open ? words.close : words.open, news].filter(Boolean).join(", "),
    );
    this.button.title = (open ? words.close : words.open) ?? "";
    this.window.setAttribute("aria-label", words.frame ?? "");
    if (this.frame) this.frame.title = words.frame ?? "";
    this.#badge.hidden = !news;
    this.#badge.textContent = unread > 99 ? "99+" : String(unread);
  }
}

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  name: string,
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

/** A stop for Tab at either end of the window: whoever arrives here is sent round. */
function edge(): HTMLElement {
  const element = make("div", "e");
  element.tabIndex = 0;
  return element;
}

function drawing(paths: readonly string[]): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

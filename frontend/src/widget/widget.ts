import type { FromFrame } from "../shared/bridge";
import { language, short } from "./labels";
import { Layout } from "./layout";
import { Line } from "./line";
import { offsetOf, placeOf } from "./options";
import { safely } from "./safely";
import { Shell } from "./shell";
import type { Handler, Options } from "./types";

const FRAME_PATIENCE_MS = 15_000;

/** The widget on the host's page. Its public methods are the script API's commands. */
export class Widget {
  #isOpen = false;
  #unread = 0;
  #token: string | undefined;
  #before: Element | null = null;
  #patience: ReturnType<typeof setTimeout> | undefined;
  readonly #handlers = new Map<string, Handler[]>();
  readonly #shell = new Shell();
  readonly #layout: Layout;
  readonly #line: Line;

  constructor(private readonly options: Options) {
    this.#layout = new Layout(this.#shell, options, () => this.#isOpen);
    this.#line = new Line(
      options.desk,
      () => this.#shell.frame?.contentWindow,
      () => ({ type: "hello", open: this.#isOpen, ...(this.#token ? { token: this.#token } : {}) }),
      (message) => this.#heard(message),
    );
    this.#shell.button.addEventListener("click", () => safely(() => this.toggle()));
    for (const part of [this.#shell.corner, this.#shell.window])
      part.addEventListener(
        "keydown",
        (event) => event.key === "Escape" && safely(() => this.close()),
      );
    this.#shell.edges.forEach((edge, at) =>
      edge.addEventListener("focus", () => safely(() => this.#focus(at === 0 ? "last" : "first"))),
    );
    this.#draw();
    if (hasTalked(options.inbox)) whenIdle(() => this.#load());
  }

  open(): void {
    if (this.#isOpen) return;
    this.#before = document.activeElement;
    this.#isOpen = true;
    this.#load();
    this.#draw();
    this.#line.send({ type: "open", open: true });
    this.#focus("input");
    this.#tell("open");
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#draw();
    this.#line.send({ type: "open", open: false });
    this.#giveFocusBack();
    this.#tell("close");
  }

  toggle(): void {
    if (this.#isOpen) this.close();
    else this.open();
  }

  show(): void {
    this.#shell.corner.hidden = false;
  }

  hide(): void {
    this.close();
    this.#shell.corner.hidden = true;
  }

  /** Say who is here, with the token the exchange's own back end signed. */
  identify(token: unknown): void {
    if (typeof token !== "string" || !token) throw new TypeError("identify needs the signed token");
    this.#token = token;
    if (this.#shell.frame) this.#line.send({ type: "identify", token });
  }

  logout(): void {
    this.#token = undefined;
    this.#load();
    this.#line.send({ type: "logout" });
  }

  language(tag: unknown): void {
    const lang = language(String(tag));
    if (lang === this.options.lang) return;
    this.options.lang = lang;
    if (this.#shell.frame) this.#reload();
    this.#draw();
  }

  position(place: unknown, offset?: unknown): void {
    this.options.place = placeOf(place);
    if (offset !== undefined) this.options.offset = offsetOf(offset);
    this.#layout.place();
  }

  /** Call back with the number of unread messages, now and at each change. */
  unread(callback: unknown): void {
    this.on("unread", callback);
    if (typeof callback === "function") callback(this.#unread);
  }

  on(event: unknown, callback: unknown): void {
    if (typeof callback !== "function") throw new TypeError("on needs an event and a function");
    const name = String(event);
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), callback as Handler]);
  }

  #heard(message: FromFrame): void {
    if (message.type === "ready") this.#arrived(message.lang);
    else if (message.type === "close") this.close();
    else if (message.type === "unread") this.#count(message.count);
    else if (message.type === "talking") rememberTalk(this.options.inbox, message.on);
    else if (message.type === "message") this.#tell("message");
  }

  #arrived(lang: string): void {
    clearTimeout(this.#patience);
    this.options.lang = language(lang);
    this.#shell.arrived();
    this.#draw();
    if (this.#isOpen) this.#focus("input");
    this.#tell("ready");
  }

  #count(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    const title = document.title.replace(/^\(\d+\+?\) /, "");
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
    this.#draw();
    this.#tell("unread", unread);
  }

  #load(): void {
    if (!this.#shell.frame) this.#reload();
  }

  #reload(): void {
    this.#line.reset();
    this.#shell.load(this.#address("&frame=1"));
    clearTimeout(this.#patience);
    this.#patience = setTimeout(
      () => this.#shell.failed(this.options.lang, this.#address("")),
      FRAME_PATIENCE_MS,
    );
  }

  #address(rest: string): string {
    const { desk, lang, inbox } = this.options;
    return `${desk}/${short(lang)}/chat?inbox=${encodeURIComponent(inbox)}${rest}`;
  }

  #draw(): void {
    this.#shell.show(this.#isOpen, this.#layout.isFull());
    this.#shell.name(this.options.lang, this.#isOpen, this.#unread);
    this.#layout.place();
  }

  #focus(edge: "input" | "first" | "last"): void {
    this.#shell.frame?.focus();
    this.#line.send({ type: "focus", edge });
  }

  #giveFocusBack(): void {
    const before = this.#before;
    const usable = before instanceof HTMLElement && before.isConnected && before !== document.body;
    const own = before instanceof HTMLElement && before.localName === "kefu-widget";
    if (usable && !own) before.focus({ preventScroll: true });
    else this.#shell.button.focus({ preventScroll: true });
  }

  #tell(event: string, detail?: unknown): void {
    for (const handler of this.#handlers.get(event) ?? []) safely(() => handler(detail));
  }
}

function whenIdle(step: () => void): void {
  const run = (): void => safely(step);
  if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 5000 });
  else setTimeout(run, 2000);
}

/** The one thing kept in the host's storage: whether this browser has a conversation here. */
function hasTalked(inbox: string): boolean {
  try {
    return localStorage.getItem(`kefu:${inbox}`) === "1";
  } catch {
    return false; // storage refused: the frame then loads on first open only
  }
}

function rememberTalk(inbox: string, on: boolean): void {
  try {
    if (on) localStorage.setItem(`kefu:${inbox}`, "1");
    else localStorage.removeItem(`kefu:${inbox}`);
  } catch {
    // storage refused: see hasTalked
  }
}

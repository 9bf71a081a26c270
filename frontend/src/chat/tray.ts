// The files that go with the next message: checked, uploaded at once, removable until sent.

import type { Check } from "./check";
import { say } from "./config";
import { button, h, icon, part } from "./dom";
import { size } from "./format";
import { Refused, type Api } from "./http";
import type { FileInfo, Limits } from "./protocol";
import { inWords } from "./kinds";
import { fileNote } from "./media";
import { typeOf, unfit, upload } from "./upload";

const READ_BYTES = 1_000_000;

interface Item {
  name: string;
  size: number;
  file?: File;
  info?: FileInfo;
  part: number; // 0 to 1 of it has gone up
  problem?: string;
  holds?: true; // a secret: the same file again would not help
  stop: AbortController;
}

export class Tray {
  readonly #place = part("tray");
  #items: Item[] = [];

  constructor(
    private readonly api: Api,
    private readonly check: Check,
    private readonly limits: () => Limits,
    private readonly isUp: () => boolean,
    private readonly changed: () => void,
    private readonly notice: (text: string) => void,
  ) {}

  get files(): FileInfo[] {
    return this.#items.flatMap((item) => item.info ?? []);
  }

  /** Take in files that are up already. */
  put(files: readonly FileInfo[]): void {
    for (const info of files) {
      const { name, size } = info;
      this.#items.push({ name, size, info, part: 1, stop: new AbortController() });
    }
    this.#draw();
  }

  get isBusy(): boolean {
    return this.#items.some((item) => !item.info);
  }

  add(files: Iterable<File>): void {
    const limits = this.limits();
    for (const file of files) {
      const why = unfit(file, limits);
      if (this.#items.length >= limits.files)
        return this.notice(say("file.too_many", { max: limits.files }));
      if (why)
        this.notice(
          say(`file.${why}`, { name: file.name, size: size(file.size), max: size(limits.file) }),
        );
      else
        this.#items.push({
          name: file.name,
          size: file.size,
          file,
          part: 0,
          stop: new AbortController(),
        });
    }
    this.resume();
  }

  /** Upload what waits, one after another. Without a connection it stays here. */
  resume(): void {
    const next = this.#items.find((item) => item.file && !item.info && !item.problem);
    if (next && this.isUp() && next.part === 0) void this.#upload(next);
    this.#draw();
  }

  /** Let go of every file; none goes up any more. */
  clear(): void {
    for (const item of this.#items) item.stop.abort();
    this.#items = [];
    this.#draw();
  }

  async #upload(item: Item): Promise<void> {
    const file = item.file as File;
    item.part = 0.01;
    try {
      if (!(await this.#mayLeave(item, file))) return this.#refuse(item);
      item.info = await upload(
        this.api,
        file,
        (done) => this.#progress(item, done),
        item.stop.signal,
      );
    } catch (error) {
      item.problem = (error instanceof Refused && error.text) || say("error.network");
      return this.#refuse(item);
    }
    this.changed();
    this.resume();
  }

  #refuse(item: Item): void {
    if (item.stop.signal.aborted) return; // removed meanwhile
    this.notice(say("file.failed", { name: item.name, reason: item.problem ?? "" }));
    this.changed();
    this.resume();
  }

  /** Look for secrets in a file's name and in its text. What is only ambiguous the desk masks. */
  async #mayLeave(item: Item, file: File): Promise<boolean> {
    for (const [where, text] of [
      ["named", file.name],
      ["holds", await readable(file)],
    ] as const) {
      const found = await this.check.find(text).catch(() => null);
      const sure = found?.filter((one) => !one.ambiguous) ?? [];
      if (found && sure.length === 0) continue;
      item.problem = found ? say(`file.${where}`, { what: inWords(sure) }) : say("file.unchecked");
      if (found) item.holds = true;
      return false;
    }
    return true;
  }

  #progress(item: Item, done: number): void {
    item.part = Math.max(item.part, done);
    this.#draw();
  }

  #remove(item: Item): void {
    item.stop.abort();
    this.#items = this.#items.filter((other) => other !== item);
    this.changed();
    this.resume();
  }

  #again(item: Item): void {
    delete item.problem;
    item.part = 0;
    this.resume();
  }

  #draw(): void {
    this.#place.hidden = this.#items.length === 0;
    const hasPicture = this.#items.some((item) => item.file?.type.startsWith("image/"));
    this.#place.replaceChildren(
      ...(hasPicture ? [h("li", { class: "tray-note" }, icon("lock"), say("file.picture"))] : []),
      ...this.#items.map((item) => this.#drawItem(item)),
    );
  }

  #drawItem(item: Item): HTMLElement {
    const remove = button(
      "x",
      say("file.remove", { name: item.name }),
      () => this.#remove(item),
      "is-small",
    );
    const again = item.problem && !item.holds
      ? button("rotate-ccw", say("retry"), () => this.#again(item), "is-small")
      : null;
    const bar = h("progress", { max: 1, value: item.part, "aria-label": item.name });
    return h(
      "li",
      { class: item.problem ? "tray-item is-failed" : "tray-item" },
      icon(item.problem ? "circle-alert" : "paperclip"),
      h(
        "span",
        { class: "tray-words" },
        h("span", { class: "truncate" }, item.name),
        h("span", { class: "file-size" }, this.#state(item)),
      ),
      again,
      remove,
      !item.info && !item.problem && bar,
    );
  }

  #state(item: Item): string {
    if (item.problem) return item.problem;
    if (item.info) return fileNote(item.info) || size(item.size);
    return item.part > 0
      ? say("file.uploading", { percent: Math.round(item.part * 100) })
      : say("file.waiting");
  }
}

/**
 * Return the text of a file whose every line a person may have written, else nothing. HAR files
 * are full of sign-ins by their nature: the desk scrubs those.
 */
async function readable(file: File): Promise<string> {
  const isText = /^(text\/|application\/json)/.test(typeOf(file)) && !/\.har$/i.test(file.name);
  return isText && file.size <= READ_BYTES ? file.text() : "";
}

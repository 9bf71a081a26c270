// The files that go with the next message: checked, uploaded at once, removable until sent.

import { say } from "./config";
import { button, h, icon, part } from "./dom";
import { size } from "./format";
import { Refused, type Api } from "./http";
import type { FileInfo, Limits } from "./protocol";
import { unfit, upload } from "./upload";

interface Item {
  name: string;
  size: number;
  file?: File;
  info?: FileInfo;
  part: number; // 0 to 1 of it has gone up
  problem?: string;
  stop: AbortController;
}

export class Tray {
  readonly #place = part("tray");
  #items: Item[] = [];

  constructor(
    private readonly api: Api,
    private readonly limits: () => Limits,
    private readonly isUp: () => boolean,
    private readonly changed: () => void,
    private readonly notice: (text: string) => void,
  ) {}

  get files(): FileInfo[] {
    return this.#items.flatMap((item) => item.info ?? []);
  }

  set files(files: readonly FileInfo[]) {
    this.#items = files.map((info) => ({
      name: info.name,
      size: info.size,
      info,
      part: 1,
      stop: new AbortController(),
    }));
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

  clear(): void {
    this.#items = [];
    this.#draw();
  }

  async #upload(item: Item): Promise<void> {
    item.part = 0.01;
    try {
      item.info = await upload(
        this.api,
        item.file as File,
        (done) => this.#progress(item, done),
        item.stop.signal,
      );
    } catch (error) {
      item.problem = (error instanceof Refused && error.text) || say("error.network");
      this.notice(say("file.failed", { name: item.name, reason: item.problem }));
    }
    this.changed();
    this.resume();
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
    this.#place.replaceChildren(...this.#items.map((item) => this.#drawItem(item)));
  }

  #drawItem(item: Item): HTMLElement {
    const remove = button(
      "x",
      say("file.remove", { name: item.name }),
      () => this.#remove(item),
      "is-small",
    );
    const again = item.problem
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
    if (item.info) return size(item.size);
    return item.part > 0
      ? say("file.uploading", { percent: Math.round(item.part * 100) })
      : say("file.waiting");
  }
}

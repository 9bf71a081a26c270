// Files need the visitor's token, so they are fetched with it and shown from memory.

import { say } from "./config";
import { button, h, icon, part } from "./dom";
import { size } from "./format";
import { Refused, type Api } from "./http";
import { inWords } from "./kinds";
import type { FileInfo } from "./protocol";

const PICTURES = /^image\/(png|jpeg|gif|webp|avif)$/;

export class Media {
  readonly #previews = new Map<string, Promise<string>>();
  readonly #box = part<HTMLDialogElement>("lightbox");
  readonly #near = new IntersectionObserver((entries) => this.#came(entries), {
    rootMargin: "200px",
  });

  constructor(
    private readonly api: Api,
    private readonly notice: (text: string) => void,
  ) {
    this.#box.addEventListener("click", (event) => event.target === this.#box && this.#box.close());
  }

  get isShowing(): boolean {
    return this.#box.open;
  }

  draw(file: FileInfo): HTMLElement {
    const note = h("p", { class: "aside" }, icon("shield-check"), fileNote(file));
    if (file.state === "removed")
      return h("div", { class: "file is-removed" }, icon("shield-ban", "is-20"), named(file), note);
    return file.found?.length ? h("div", {}, this.#shown(file), note) : this.#shown(file);
  }

  #shown(file: FileInfo): HTMLElement {
    return PICTURES.test(file.content_type) ? this.#picture(file) : this.#card(file);
  }

  #picture(file: FileInfo): HTMLElement {
    const [width, height] = [file.width ?? 320, file.height ?? 200];
    const src = emptyPicture(width, height);
    const image = h("img", { alt: "", width, height, src, "data-file": file.id });
    const made = h(
      "button",
      { type: "button", class: "picture", "aria-label": say("file.open", { name: file.name }) },
      image,
    );
    made.addEventListener("click", () => void this.#show(file));
    this.#near.observe(image);
    return made;
  }

  #card(file: FileInfo): HTMLElement {
    const made = h(
      "button",
      { type: "button", class: "file", "aria-label": say("file.save", { name: file.name }) },
      icon("file-text", "is-20"),
      named(file),
      icon("download"),
    );
    made.addEventListener("click", () => void this.save(`/files/${file.id}`, file.name));
    return made;
  }

  #came(entries: IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLImageElement)) continue;
      this.#near.unobserve(target);
      void this.#fill(target);
    }
  }

  async #fill(image: HTMLImageElement): Promise<void> {
    try {
      image.src = await this.#preview(image.dataset["file"] ?? "");
    } catch {
      image
        .closest(".picture")
        ?.replaceChildren(h("span", { class: "picture-failed" }, say("file.unseen")));
    }
  }

  #preview(id: string): Promise<string> {
    const found = this.#previews.get(id) ?? this.#fetch(`/files/${id}?preview=1`);
    this.#previews.set(id, found);
    found.catch(() => this.#previews.delete(id));
    return found;
  }

  async #fetch(path: string): Promise<string> {
    return URL.createObjectURL(await this.api.blob(path));
  }

  async #show(file: FileInfo): Promise<void> {
    await this.#told(async () => {
      const address = await this.#fetch(`/files/${file.id}`);
      const close = button("x", say("file.close"), () => this.#box.close(), "on-dark");
      const save = button(
        "download",
        say("file.save", { name: file.name }),
        () => void this.save(`/files/${file.id}`, file.name),
        "on-dark",
      );
      this.#box.replaceChildren(
        h(
          "div",
          { class: "lightbox-bar" },
          h("span", { class: "truncate" }, file.name),
          save,
          close,
        ),
        h("img", { src: address, alt: file.name }),
      );
      this.#box.addEventListener("close", () => URL.revokeObjectURL(address), { once: true });
      this.#box.showModal();
    });
  }

  /** Fetch a file and hand it to the browser's downloads. */
  async save(path: string, name: string): Promise<void> {
    await this.#told(async () => {
      const address = await this.#fetch(path);
      h("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    });
  }

  async #told(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.notice((error instanceof Refused && error.text) || say("error.network"));
    }
  }
}

/** Return what the desk took out of a file, or for what it removed it; "" if nothing. */
export function fileNote({ state, found = [] }: FileInfo): string {
  if (found.length === 0) return "";
  const what = inWords(found.map((kind) => ({ kind, detail: "" })));
  return say(state === "removed" ? "file.removed" : "file.cleaned", { what });
}

function named(file: FileInfo): HTMLElement {
  return h(
    "span",
    { class: "file-words" },
    h("span", { class: "file-name" }, file.name),
    h("span", { class: "file-size" }, size(file.size)),
  );
}

/** Return a picture of nothing that keeps the room of the one to come. */
function emptyPicture(width: number, height: number): string {
  const size = `width='${width}' height='${height}'`;
  return `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' ${size}/>`;
}

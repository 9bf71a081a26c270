/** The files of a draft: chosen, pasted or dropped, each a chip with its progress. */

import type { Attached } from "./drafts";
import { icon } from "./parts";
import { say } from "./texts";
import { toast } from "./toast";
import { upload } from "./upload";

export class Attachments {
  private uploading = 0;
  private readonly largest: number;
  private readonly most: number;

  constructor(
    private readonly host: HTMLElement,
    private readonly files: () => Attached[],
    private readonly changed: () => void,
  ) {
    this.largest = Number(host.dataset["largest"]);
    this.most = Number(host.dataset["most"]);
    const chooser = host.querySelector<HTMLInputElement>("[data-files]")!;
    host.querySelector("[data-attach]")!.addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", () => {
      this.add([...(chooser.files ?? [])]);
      chooser.value = "";
    });
    host.addEventListener("paste", (event) => this.take(event, event.clipboardData));
    this.acceptDrops(host.closest<HTMLElement>(".thread") ?? host);
  }

  get isUploading(): boolean {
    return this.uploading > 0;
  }

  /** Draw the chips of the files that are stored. */
  draw(): void {
    this.list.replaceChildren(...this.files().map((file) => this.chip(file)));
    this.list.hidden = this.files().length === 0;
  }

  private get list(): HTMLElement {
    return this.host.querySelector<HTMLElement>("[data-attached]")!;
  }

  private acceptDrops(area: HTMLElement): void {
    let depth = 0;
    const over = (on: boolean) => this.host.classList.toggle("is-drop", on);
    area.addEventListener("dragenter", () => over(++depth > 0));
    area.addEventListener("dragleave", () => over(--depth > 0));
    area.addEventListener("dragover", (event) => event.preventDefault());
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      over((depth = 0) > 0);
      this.take(event, event.dataTransfer);
    });
  }

  private take(event: Event, transfer: DataTransfer | null): void {
    const files = [...(transfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  private add(files: File[]): void {
    for (const file of files) {
      if (this.files().length + this.uploading >= this.most) {
        toast(say("too_many_files", { count: this.most }));
        return;
      }
      if (file.size > this.largest) {
        toast(say("file_too_large", { name: file.name, limit: Math.floor(this.largest / 2 ** 20) }));
        continue;
      }
      void this.store(file);
    }
  }

  private async store(file: File): Promise<void> {
    const files = this.files();
    const chip = this.chip({ id: "", name: file.name, size: file.size });
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    chip.append(bar);
    this.list.append(chip);
    this.list.hidden = false;
    this.uploading++;
    try {
      const { id, name, size } = await upload(file, (share) => (bar.value = share));
      files.push({ id, name, size });
      this.changed();
    } catch (error) {
      toast(say("upload_failed", { name: file.name, reason: (error as Error).message }));
    } finally {
      this.uploading--;
      chip.remove();
      if (!this.isUploading) this.draw();
    }
  }

  private chip(file: Attached): HTMLElement {
    const chip = document.createElement("li");
    chip.className = "attached-file";
    const name = document.createElement("span");
    name.textContent = file.name;
    chip.append(icon("file-text"), name);
    if (file.id) chip.append(this.remover(file));
    return chip;
  }

  private remover(file: Attached): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.title = say("remove_file", { name: file.name });
    button.setAttribute("aria-label", button.title);
    button.append(icon("x"));
    button.addEventListener("click", () => {
      this.files().splice(this.files().indexOf(file), 1);
      this.changed();
      this.draw();
    });
    return button;
  }
}

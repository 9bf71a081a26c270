// The files that go with the next message. The tray that shows and uploads them comes with the
// first of them; until then this stands in for it.

import type { Later } from "./later";
import type { FileInfo } from "./protocol";

export class Files {
  #kept: FileInfo[] = []; // that are up already, for the tray to come
  #coming = 0;
  #turn = 0; // counts drafts: what was added to an older one is late

  constructor(private readonly later: Later) {}

  get all(): FileInfo[] {
    return [...this.#kept, ...(this.later.rest?.tray.files ?? [])];
  }

  get isBusy(): boolean {
    return this.#coming > 0 || (this.later.rest?.tray.isBusy ?? false);
  }

  /** Take in files that are up already. */
  put(files: readonly FileInfo[]): void {
    if (files.length === 0) return;
    this.#kept.push(...files);
    void this.later.get().then(({ tray }) => tray.put(this.#kept.splice(0)));
  }

  add(files: Iterable<File>): void {
    const [taken, turn] = [[...files], this.#turn];
    this.#coming++;
    void this.later.get().then(({ tray }) => {
      this.#coming--;
      tray.add(turn === this.#turn ? taken : []);
    });
  }

  resume(): void {
    this.later.rest?.tray.resume();
  }

  clear(): void {
    this.#turn++;
    this.#kept = [];
    this.later.rest?.tray.clear();
  }
}

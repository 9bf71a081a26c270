// Every cue in a text: which strings begin at a place, the longest first.

const HEAD = 3;

export class Matcher<Entry extends { spelling: string }> {
  readonly #heads = new Map<string, Entry[]>();

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) {
      const head = entry.spelling.slice(0, HEAD);
      const row = this.#heads.get(head);
      if (row) row.push(entry);
      else this.#heads.set(head, [entry]);
    }
    for (const row of this.#heads.values()) {
      row.sort((one, other) => other.spelling.length - one.spelling.length);
    }
  }

  /** Return the longest entry at `at` that `accepts` takes. */
  longest(text: string, at: number, accepts: (entry: Entry) => boolean): Entry | undefined {
    const fits = (entry: Entry) => text.startsWith(entry.spelling, at) && accepts(entry);
    for (let width = HEAD; width > 0; width -= 1) {
      const found = this.#heads.get(text.slice(at, at + width))?.find(fits);
      if (found) return found;
    }
    return undefined;
  }
}

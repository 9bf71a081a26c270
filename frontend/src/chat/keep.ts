// What stays on the customer's device. Where the browser refuses storage, memory serves until the
// page goes, and `lasting` says so.

export class Keep {
  readonly lasting: boolean;
  readonly #memory = new Map<string, string>();
  readonly #store: Storage | null;

  constructor(
    private readonly prefix: string,
    store: () => Storage = () => localStorage,
  ) {
    this.#store = usable(store, prefix);
    this.lasting = this.#store !== null;
  }

  get(name: string): string | null {
    return this.#memory.get(name) ?? this.#store?.getItem(this.prefix + name) ?? null;
  }

  set(name: string, value: string): void {
    this.#memory.delete(name);
    try {
      if (this.#store) return this.#store.setItem(this.prefix + name, value);
    } catch {
      // full since we looked: memory has to do
    }
    this.#memory.set(name, value);
  }

  remove(name: string): void {
    this.#store?.removeItem(this.prefix + name);
    this.#memory.delete(name);
  }

  /** Return the names that begin so. */
  names(beginning: string): string[] {
    const own = this.prefix + beginning;
    const stored = this.#store ? Object.keys(this.#store).filter((key) => key.startsWith(own)) : [];
    const inMemory = [...this.#memory.keys()].filter((key) => key.startsWith(beginning));
    return [...stored.map((key) => key.slice(this.prefix.length)), ...inMemory];
  }

  /** Call back with the name that another tab changed. */
  watch(changed: (name: string) => void): void {
    addEventListener("storage", ({ key }) => {
      if (key?.startsWith(this.prefix)) changed(key.slice(this.prefix.length));
    });
  }
}

function usable(store: () => Storage, prefix: string): Storage | null {
  try {
    const found = store();
    found.setItem(`${prefix}?`, "");
    found.removeItem(`${prefix}?`);
    return found;
  } catch {
    return null; // refused by the browser's settings, or full
  }
}

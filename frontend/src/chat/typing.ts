// Who is typing. Neither side ever learns what.

const SHOWN_MS = 6_000;
const SENT_MS = 3_000;

export class Typing {
  typist: string | null = null; // the agent who is typing, "" when unnamed
  #sentAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly send: (on: boolean) => void,
    private readonly faded: () => void,
  ) {}

  /** Tell the desk, now and then, that the customer writes or stopped. */
  tell(on: boolean): void {
    const now = Date.now();
    if (on ? now - this.#sentAt < SENT_MS : !this.#sentAt) return;
    this.#sentAt = on ? now : 0;
    this.send(on);
  }

  /** The message went out: what comes next is a new one. */
  done(): void {
    this.#sentAt = 0;
  }

  hear(name: string | null): void {
    clearTimeout(this.#timer);
    this.typist = name;
    if (name === null) return;
    this.#timer = setTimeout(() => {
      this.typist = null;
      this.faded();
    }, SHOWN_MS);
  }
}

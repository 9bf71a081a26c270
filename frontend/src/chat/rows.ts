// What the thread shows, as values: one row a line, with a sign that changes when its looks do.

import { clock, day } from "./format";
import type { Happening } from "./happenings";
import { adviceFor } from "./kinds";
import type { Rest } from "./rest";
import type { Unsent } from "./outbox";
import type { ChatEvent, FileInfo, Person } from "./protocol";
import type { Session } from "./session";
import type { UnsentStatus } from "./delivery";
import { pieces } from "./text";

export type Status = UnsentStatus | "delivered" | "seen";

export interface Message {
  is: "message";
  mine: boolean;
  author: Person;
  text: string;
  isStored: boolean; // then mask tokens in the text count
  files: FileInfo[];
  time: string;
  at: string;
  status: Status | null;
  spellsStatus: boolean; // in words, not by its mark alone
  opens: boolean; // first of a group by one author
  closes: boolean; // last of it
  key: string;
  refused?: string;
  removed?: "before" | "late"; // what was removed from it: before anyone read it, or afterwards
  advice?: string; // the group of texts below it, on the first message that needs it
}

export type Line =
  | { is: "day"; text: string }
  | { is: "unread" }
  | { is: "reference"; reference: string }
  | { is: "closed"; solved: boolean } // solved: so says the customer
  | { is: "reopened" }
  | { is: "agent"; agent: Person | null; from: Person | null }
  | Happening
  | { is: "later" }; // drawn when the rest is here

export interface Row {
  id: string;
  sign: string;
  what: Message | Line;
}

const GROUP_MS = 5 * 60_000;

/** Return the thread's rows. readUpTo: the customer had read so far when the window opened. */
export function rows(session: Session, readUpTo: number, rest: Rest | null): Row[] {
  const list = new Rows(session.conversation?.id ?? null, readUpTo, rest);
  const events = session.log.all();
  for (const event of events) if (event.kind === "redaction") list.redaction(event);
  for (const event of events) list.event(event, session, events);
  for (const message of session.outbox.all())
    list.unsent(message, session.delivery.status(message));
  return list.finish();
}

/** Return whether the row is drawn whole only with the rest of the chat. */
export function needsRest({ what }: Row): boolean {
  if (what.is !== "message") return what.is === "later";
  return what.files.length > 0 || what.advice !== undefined;
}

class Rows {
  readonly #rows: { id: string; what: Message | Line }[] = [];
  #day = "";
  #last: Message | null = null; // which the next one may join
  #lastMine: Message | null = null;
  #reference = "";
  #conversation = "";
  #isUnreadMarked = false;
  readonly #late = new Set<string>(); // messages replaced after they were stored
  readonly #advised = new Set<string>();

  constructor(
    private readonly current: string | null,
    private readonly readUpTo: number,
    private readonly rest: Rest | null,
  ) {}

  event(event: ChatEvent, session: Session, all: readonly ChatEvent[]): void {
    if (event.conversation !== this.#conversation) this.#turn(event.conversation);
    this.#reference = event.data?.reference ?? this.#reference;
    const id = `${event.conversation}/${event.seq}`;
    if (event.kind === "message") this.#message(id, event, session);
    else if (event.kind === "assignment" && !isRaised(event, all))
      this.#line(id, event.at, {
        is: "agent",
        agent: event.data?.agent ?? null,
        from: event.data?.from ?? null,
      });
    else if (event.kind === "state" && event.data?.to === "closed")
      this.#line(id, event.at, { is: "closed", solved: event.from.kind === "customer" });
    else if (event.kind === "state" && event.data?.to === "reopened")
      this.#line(id, event.at, { is: "reopened" });
    else if (event.kind !== "redaction" && !isPlainStart(event)) this.#happening(id, event, all);
  }

  #happening(id: string, event: ChatEvent, all: readonly ChatEvent[]): void {
    if (!this.rest) return this.#line(id, event.at, { is: "later" });
    const what = this.rest.happening(event, all);
    if (what) this.#line(id, event.at, what);
  }

  redaction(event: ChatEvent): void {
    const { seq, file } = event.data ?? {};
    if (file === undefined) this.#late.add(`${event.conversation}/${seq}`);
  }

  unsent(message: Unsent, status: UnsentStatus): void {
    const { key, text, files, at, refused } = message;
    this.#add(key, at, {
      mine: true,
      author: {},
      text,
      isStored: false,
      files,
      status,
      key,
      ...(refused !== undefined && { refused }),
    });
  }

  finish(): Row[] {
    if (this.#lastMine) this.#lastMine.spellsStatus = true;
    return this.#rows.map((row) => ({ ...row, sign: JSON.stringify(row.what) }));
  }

  #turn(conversation: string): void {
    this.#conversation = conversation;
    this.#reference = "";
    this.#last = null;
  }

  #message(id: string, event: ChatEvent, session: Session): void {
    const mine = event.from.kind === "customer";
    const isCurrent = event.conversation === this.current;
    if (!mine && isCurrent && event.seq > this.readUpTo) this.#markUnread();
    const seen = isCurrent ? (session.conversation?.seen.agent ?? 0) : Infinity;
    this.#add((mine && event.key) || id, event.at, {
      mine,
      author: event.from,
      text: event.text ?? "",
      isStored: true,
      files: event.data?.files ?? [],
      status: mine ? (event.seq <= seen ? "seen" : "delivered") : null,
      key: event.key ?? id,
      ...(mine && this.#removal(id, event)),
    });
    if (mine) this.#tellReference(event, session);
  }

  /** What was removed from a message of the customer's, and what they should do now: told once. */
  #removal(id: string, event: ChatEvent): Pick<Message, "removed" | "advice"> {
    const masks = pieces(event.text ?? "").filter((piece) => piece.is === "mask");
    const inFiles = (event.data?.files ?? []).flatMap((file) => file.found ?? []);
    const advice = adviceFor([...masks.map((mask) => mask.kind), ...inFiles]);
    const topic = `${event.conversation}/${advice}`;
    const isNew = advice !== null && !this.#advised.has(topic);
    this.#advised.add(topic);
    return {
      ...(masks.length > 0 && { removed: this.#late.has(id) ? "late" : "before" }),
      ...(isNew && { advice }),
    };
  }

  /** Below the first message stands the number it can be asked for by. */
  #tellReference(event: ChatEvent, session: Session): void {
    const id = `reference/${event.conversation}`;
    const isCurrent = event.conversation === this.current;
    const reference = this.#reference || (isCurrent ? (session.conversation?.reference ?? "") : "");
    if (!reference || this.#rows.some((row) => row.id === id)) return;
    this.#line(id, event.at, { is: "reference", reference });
  }

  #markUnread(): void {
    if (this.#isUnreadMarked || this.readUpTo < 0) return;
    this.#isUnreadMarked = true;
    this.#last = null;
    this.#rows.push({ id: "unread", what: { is: "unread" } });
  }

  #add(
    id: string,
    at: string,
    rest: Omit<Message, "is" | "time" | "at" | "spellsStatus" | "opens" | "closes">,
  ): void {
    this.#startDay(at);
    const before = this.#last;
    const joins =
      before?.mine === rest.mine &&
      before.author.name === rest.author.name &&
      Date.parse(at) - Date.parse(before.at) < GROUP_MS;
    if (before && joins) before.closes = false;
    if (before && joins && before.removed === rest.removed) delete before.removed; // told once a run
    this.#last = {
      is: "message",
      ...rest,
      at,
      time: clock(at),
      spellsStatus: false,
      opens: !joins,
      closes: true,
    };
    if (rest.mine) this.#lastMine = this.#last;
    this.#rows.push({ id, what: this.#last });
  }

  #line(id: string, at: string, what: Line): void {
    this.#startDay(at);
    this.#last = null;
    this.#rows.push({ id, what });
  }

  #startDay(at: string): void {
    const text = day(at);
    if (text === this.#day) return;
    this.#day = text;
    this.#last = null;
    this.#rows.push({ id: `day/${at.slice(0, 10)}/${text}`, what: { is: "day", text } });
  }
}

/** Return whether a conversation begins without a word on it: most do. */
/** Whoever had the case did not leave it: it was asked to go further up, and the card says so. */
function isRaised(event: ChatEvent, all: readonly ChatEvent[]): boolean {
  const before = all[all.indexOf(event) - 1];
  const isAsked = before?.kind === "escalation" && before.data?.step === "requested";
  return !event.data?.agent && isAsked && before.conversation === event.conversation;
}

function isPlainStart({ kind, data }: ChatEvent): boolean {
  return kind === "state" && data?.to === "open" && !data.follows;
}

// The rest of the chat: what a plain message does not need. later.ts brings it.

import { Acts } from "./acts";
import { advice } from "./advice";
import type { Acts as RowActs } from "./bubbles";
import type { Check } from "./check";
import { happening, type Happening } from "./happenings";
import { Hold, type HoldListener } from "./hold";
import type { Api } from "./http";
import { drawn, words } from "./lines";
import { Media } from "./media";
import { menu } from "./menu";
import { Panel } from "./panel";
import { openPolling } from "./polling";
import { part } from "./dom";
import type { ChatEvent, Limits } from "./protocol";
import type { Session } from "./session";
import { Tray } from "./tray";
import { view } from "./waiting";
import type { Opener } from "./wire";

/** What it needs of the page that is there already. */
export interface Needs {
  api: Api;
  check: Check;
  onHold: HoldListener;
  rowActs: RowActs;
  limits(): Limits;
  session(): Session | null;
  filesChanged(): void;
  stillHere(): void;
  suggest(words: string): void;
  announce(text: string): void;
  notice(text: string): void;
}

export class Rest {
  readonly media: Media;
  readonly tray: Tray;
  readonly hold: Hold;
  readonly openPolling: Opener;
  readonly #acts: Acts;
  readonly #panel: Panel;

  constructor(private readonly needs: Needs) {
    const { api, check, limits, session, filesChanged, suggest, announce, notice } = needs;
    const isUp = (): boolean => session()?.isUp ?? false;
    this.media = new Media(api, notice);
    this.tray = new Tray(api, check, limits, isUp, filesChanged, notice);
    this.hold = new Hold(check, needs.onHold);
    this.openPolling = (hello, listener) => openPolling(api, hello, listener);
    this.#acts = new Acts(session, notice);
    this.#panel = new Panel({ leave: () => this.#acts.leave(), suggest, announce });
    menu(part("more"), part("menu"));
  }

  happening(event: ChatEvent, all: readonly ChatEvent[]): Happening | null {
    return happening(event, all);
  }

  draw(what: Happening): HTMLElement {
    return drawn(what, { stillHere: this.needs.stillHere, solve: () => this.#acts.solve() });
  }

  advice(group: string): HTMLElement {
    return advice(group, this.needs.rowActs);
  }

  /** Return an event in words, to be read out; "" if it says nothing. */
  spoken(event: ChatEvent, all: readonly ChatEvent[]): string {
    const { kind, data } = event;
    const first = all.find((one) => one.kind === kind && one.data?.id === data?.id);
    const what = happening(kind === "escalation" ? (first ?? event) : event, all);
    return what ? words(what) : "";
  }

  /** Draw what hangs on the whole of the session, not on a line of it. */
  refresh(session: Session, chosen: string | null): void {
    const { conversation, floor, wait } = session;
    const events = session.log.all().filter((event) => event.conversation === conversation?.id);
    const isBegun = conversation?.status === "open";
    const topic = events.reduce((topic, { data }) => data?.topic ?? topic, chosen ?? "");
    const left = events.some(({ kind }) => kind === "continuation");
    const seen = view(isBegun ? wait : null, floor, isBegun, Date.now());
    this.#panel.draw(seen, topic.split(".")[0] || null, left);
    this.#acts.draw();
  }
}

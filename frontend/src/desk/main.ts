/** The desk's script: live list and thread, composer, keys. The server draws every page. */

import htmx from "htmx.org";
import { showConnection } from "./banner";
import { startBell } from "./bell";
import { recount, startDue } from "./due";
import { startFilters } from "./filter";
import { Composer } from "./composer";
import { startFloor } from "./floor";
import { csrf, refusal } from "./http";
import { forgetKept, restoreKept, startKept } from "./kept";
import { startKeys } from "./keys";
import { markOpen, refreshList, startList, view } from "./list";
import { link } from "./live";
import { Menu, closeMenusOutside } from "./menu";
import { togglePanel } from "./panel";
import { adopt, onPlaced } from "./parts";
import { showSettings, startSettings } from "./settings";
import { closeSheet, openSheet, tellInSheet } from "./sheet";
import { say } from "./texts";
import { Thread, openThread, startThreads } from "./thread";
import { toast } from "./toast";

const ASK_WITHOUT_SOCKET_MS = 5000;

function start(): void {
  startSettings();
  document.addEventListener("click", copy);
  customElements.define("kefu-menu", Menu);
  if (!document.getElementById("connection")) return;
  onPlaced((root) => htmx.process(root));
  onPlaced(restoreKept);
  onPlaced(recount);
  startDue();
  startKept();
  startFilters();
  closeMenusOutside();
  bindHtmx();
  if (document.getElementById("floor")) startFloor(link);
  else startDesk();
  showConnection(link);
  void link.open();
}

function startDesk(): void {
  startThreads();
  startList();
  startBell();
  startKeys();
  comeBackHere();
  customElements.define("kefu-thread", Thread);
  customElements.define("kefu-composer", Composer);
  stayCurrent();
}

/** A form that leaves the page and returns does so to what is on the screen now. */
function comeBackHere(): void {
  document.addEventListener("submit", ({ target }) => {
    const next = (target as HTMLFormElement).elements.namedItem("next");
    if (next instanceof HTMLInputElement) next.value = location.pathname + location.search;
  });
}

/** Whatever hints at a change leads to the same two reads: the list, and the open thread. */
function stayCurrent(): void {
  link.on("changed", refreshList);
  link.on("welcome", refreshList);
  document.addEventListener("kefu:sent", refreshList);
  document.addEventListener("kefu:changed", refreshAll);
  document.addEventListener("kefu:listed", () => {
    if (link.state === "lost") link.hurry();
  });
  setInterval(() => {
    if (link.state === "lost" && !document.hidden) refreshAll();
  }, ASK_WITHOUT_SOCKET_MS);
}

function refreshAll(): void {
  refreshList();
  void openThread()?.refresh().catch(() => undefined);
}

function bindHtmx(): void {
  const on = (name: string, heard: (event: CustomEvent<HtmxDetail>) => void): void =>
    document.body.addEventListener(name, (event) => heard(event as CustomEvent<HtmxDetail>));
  on("htmx:configRequest", ({ detail }) => (detail.headers["x-csrftoken"] = csrf()));
  on("htmx:responseError", ({ detail: { elt, xhr } }) => {
    if (xhr.status === 401) return;
    tell(elt, refusal(xhr.status, xhr.responseText, null).message || say("refused"));
  });
  on("htmx:sendError", ({ detail: { elt } }) => tell(elt, say("no_connection")));
  on("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (successful && elt?.matches("form")) done(elt);
  });
  on("htmx:afterSwap", ({ detail }) => swapped(detail.target ?? document.body));
  on("htmx:historyRestore", () => {
    showSettings();
    swapped(document.body);
  });
}

/** Say why nothing was done, where the agent looks. */
function tell(from: HTMLElement | undefined, why: string): void {
  if (!tellInSheet(from, why)) toast(why);
}

/** A form was taken: what it held is no draft any more, and its sheet may go. */
function done(form: HTMLElement): void {
  forgetKept(form);
  if (form.closest("#sheet")) closeSheet();
}

interface HtmxDetail {
  elt?: HTMLElement;
  successful?: boolean;
  headers: Record<string, string>;
  target?: HTMLElement;
  xhr: XMLHttpRequest;
}

function swapped(target: HTMLElement): void {
  if (target.id === "work") {
    togglePanel(false);
    target.classList.remove("is-panel");
    document.dispatchEvent(new CustomEvent("kefu:titled"));
    document.getElementById("thread")?.focus({ preventScroll: true });
  }
  if (target.id === "list") keepView();
  if (target.id === "sheet-body") openSheet();
  markOpen();
  adopt(target);
}

/** Have a reload show the view of the list that is on screen now. */
function keepView(): void {
  const here = new URL(location.href);
  here.searchParams.set("view", view());
  history.replaceState(history.state, "", here);
  refreshList();
}

async function copy(event: Event): Promise<void> {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
  toast(say("copied", { text: button.dataset["copy"] ?? "" }));
}

start();

// /widget.js: the one script an operator adds to a page. What goes wrong here stays here.

import { optionsOf } from "./options";
import { safely } from "./safely";
import { Widget } from "./widget";

const COMMANDS = [
  "open",
  "close",
  "toggle",
  "show",
  "hide",
  "identify",
  "logout",
  "language",
  "position",
  "unread",
  "on",
] as const;

type Command = (typeof COMMANDS)[number];
type Call = ArrayLike<unknown>;

interface Door {
  (...call: unknown[]): void;
  q?: Call[];
  ready?: boolean;
}

declare global {
  interface Window {
    kefu?: Door;
  }
}

const tag =
  document.currentScript ?? document.querySelector("script[data-inbox][src*='/widget.js']");
safely(() => start(tag as HTMLScriptElement | null));

function start(script: HTMLScriptElement | null): void {
  const options = script && optionsOf(script);
  if (!options) throw new Error("the script tag needs data-inbox");
  if (window.kefu?.ready) return;
  const early = window.kefu?.q ?? [];
  const widget = new Widget(options);
  const door: Door = (...call) => safely(() => run(widget, call));
  door.ready = true;
  window.kefu = door;
  for (const call of early) safely(() => run(widget, call));
}

function run(widget: Widget, call: Call): void {
  const [command, ...values] = Array.from(call);
  if (!isCommand(command)) throw new Error(`unknown command ${String(command)}`);
  widget[command](values[0], values[1]);
}

function isCommand(name: unknown): name is Command {
  return COMMANDS.includes(name as Command);
}

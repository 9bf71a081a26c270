/** A button and what it opens: closes on Esc, on a choice, and when attention goes elsewhere. */

export class Menu extends HTMLElement {
  /** Its parts are looked up when used: a morph may connect it before they are in it. */
  constructor() {
    super();
    this.addEventListener("click", ({ target }) => {
      if (this.button.contains(target as Node)) this.toggle();
    });
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.contains(event.relatedTarget as Node)) this.close();
    });
    this.addEventListener("submit", ({ target }) => {
      if (!(target as HTMLElement).matches("[data-stays]")) this.close();
    });
  }

  /** Close, giving the focus back if it was inside. */
  close(): void {
    if (this.panel.contains(document.activeElement)) this.button.focus();
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  private get button(): HTMLButtonElement {
    return this.querySelector<HTMLButtonElement>("button[aria-controls]")!;
  }

  private get panel(): HTMLElement {
    return document.getElementById(this.button.getAttribute("aria-controls") ?? "")!;
  }

  private get items(): HTMLElement[] {
    const items = this.panel.querySelectorAll<HTMLElement>("button, a, input:not([type=hidden])");
    return [...items].filter((item) => item.checkVisibility());
  }

  private toggle(): void {
    if (!this.panel.hidden) return this.close();
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.panel.addEventListener("htmx:afterSwap", () => this.items[0]?.focus(), { once: true });
    this.items[0]?.focus();
  }

  private press(event: KeyboardEvent): void {
    if (this.panel.hidden) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.step(event.key === "ArrowDown" ? 1 : -1);
    }
  }

  private step(by: number): void {
    const at = this.items.indexOf(document.activeElement as HTMLElement);
    this.items.at((at + by) % this.items.length)?.focus();
  }
}

/** Close every open menu when a click lands outside it. */
export function closeMenusOutside(): void {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<Menu>("kefu-menu")) {
      if (!menu.contains(event.target as Node)) menu.close();
    }
  });
}

/** What this browser remembers for its agent: theme, how Enter behaves, sound. */

type Setting = "enter" | "sound";

const YEAR_SECONDS = 365 * 24 * 3600;

/** Whether a setting is on. */
export function isOn(setting: Setting): boolean {
  return localStorage.getItem(`kefu:${setting}`) === "on";
}

/** Bring the choices of the agent's menu to life, and tell the server the browser's zone. */
export function startSettings(): void {
  keep("kefu_zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  showSettings();
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (!box.dataset["setting"]) return;
    localStorage.setItem(`kefu:${box.dataset["setting"]}`, box.checked ? "on" : "off");
    document.dispatchEvent(new CustomEvent("kefu:setting"));
  });
  document.addEventListener("click", (event) => {
    const choice = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    if (choice) wear(choice.dataset["themeChoice"] ?? "");
  });
}

/** Check the boxes of what is on. */
export function showSettings(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-setting]")) {
    box.checked = isOn(box.dataset["setting"] as Setting);
  }
}

function wear(theme: string): void {
  keep("kefu_theme", theme);
  if (theme) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
  for (const choice of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset["themeChoice"] === theme));
  }
}

function keep(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}

/** Short messages in the corner that go by themselves. */

const STAYS_MS = 6000;

/** Say something to the agent. */
export function toast(text: string): void {
  if (!text) return;
  const said = document.createElement("p");
  said.className = "toast";
  said.textContent = text;
  const corner = document.getElementById("toasts");
  if (corner?.lastElementChild?.textContent === text) corner.lastElementChild.remove();
  corner?.append(said);
  setTimeout(() => said.remove(), STAYS_MS);
}

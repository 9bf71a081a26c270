// The exchange's own script: it tells the widget who is signed in, and shows pushes as toasts.

window.kefu ??= function (...call) {
  (window.kefu.q ??= []).push(call);
};

const body = document.body;
const toasts = document.querySelector(".toasts");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const NOTICES_MS = 3000;
const TICK_MS = 1800;

async function post(path) {
  const answer = await fetch(path, { method: "POST" });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.status === 204 ? {} : answer.json();
}

async function identify() {
  const { token } = await post("/api/support-token");
  window.kefu("identify", token);
}

async function signOut() {
  window.kefu("logout");
  await post("/sign-out");
  setTimeout(() => location.reload(), 400);
}

async function showCode(button) {
  const { code } = await post("/api/support-code");
  button.nextElementSibling.textContent = `${code.slice(0, 4)} ${code.slice(4)}`;
}

let latest = Number(body.dataset.latest);

async function readNotices() {
  try {
    const answer = await fetch(`/api/notices?after=${latest}`);
    for (const notice of answer.ok ? await answer.json() : []) {
      latest = Math.max(latest, notice.number);
      toast(notice);
    }
  } finally {
    setTimeout(readNotices, NOTICES_MS);
  }
}

function toast({ kind, reference }) {
  const text = (toasts.dataset[kind] ?? toasts.dataset.reply).replace("{reference}", reference);
  const box = document.createElement("div");
  box.className = "toast";
  const words = document.createElement("p");
  words.textContent = text;
  const open = button(toasts.dataset.open, () => {
    window.kefu("open");
    box.remove();
  });
  open.className = "solid";
  const close = button("×", () => box.remove());
  close.className = "quiet";
  close.setAttribute("aria-label", toasts.dataset.dismiss);
  box.append(words, open, close);
  toasts.append(box);
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function tick() {
  const prices = document.querySelectorAll("[data-price]");
  const shown = prices[Math.floor(Math.random() * prices.length)];
  const digits = Number(shown.dataset.digits);
  const old = Number(shown.dataset.price);
  const price = old * (1 + (Math.random() - 0.5) / 2500);
  shown.dataset.price = price;
  shown.textContent = price.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  shown.className = price >= old ? "rose" : "fell";
  setTimeout(() => (shown.className = ""), 500);
}

for (const support of document.querySelectorAll("[data-support]")) {
  support.hidden = false;
  support.addEventListener("click", () => window.kefu("open"));
}
document.querySelector("[data-sign-out]")?.addEventListener("click", signOut);
document.querySelector("[data-code]")?.addEventListener("click", (event) => showCode(event.target));
window.kefu("unread", (count) => {
  const badge = document.querySelector("[data-unread]");
  badge.hidden = !count;
  badge.textContent = count;
});
document.addEventListener("click", (event) => {
  const menu = document.querySelector(".account");
  if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector(".account").open = false;
});
if (body.dataset.signedIn === "yes") {
  identify();
  readNotices();
}
if (!calm.matches) setInterval(tick, TICK_MS);

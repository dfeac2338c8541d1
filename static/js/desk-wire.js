// The wire, worked through without reloading: a button's answer takes the card's place, what is new
// comes in above what is being read, and what somebody has looked at counts as read.
const PAUSE = 800; // ms without another card, until what was seen is told
const STAYS = 5000; // ms that a sentence is seen
const form = document.getElementById("cards");
const list = document.querySelector("[data-wire]");
const said = document.querySelector("[data-said]");
const rowOf = (element) => element?.closest?.("[data-wire] > .row");
const headline = (row) => row?.querySelector(".row__headline");
const seen = new Set();
let telling;
let hiding;

// Said politely; a region that listeners know is filled, not replaced.
function say(words, seenToo = true) {
  said.classList.toggle("unseen", !seenToo);
  said.textContent = words;
  clearTimeout(hiding);
  hiding = setTimeout(() => said.classList.add("unseen"), STAYS);
}

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
const words = (page, selector) => [...page.querySelectorAll(selector)].map((one) => one.textContent.trim()).join(" ");

// Null when it failed; then why was said.
async function asked(address, options) {
  const answer = await fetch(address, options).catch(() => null);
  if (answer?.status === 401) location.reload(); // the door, and back here
  else if (!answer) say("The connection was lost: nothing was changed. Try again.");
  else if (answer.ok) return parsed(await answer.text());
  else say(words(parsed(await answer.text()), ".empty p") || "That did not work. Reload the page, then try again.");
  return null;
}

async function send(button) {
  const row = rowOf(button);
  if (row.ariaBusy) return;
  row.ariaBusy = "true";
  const body = new FormData(form, button);
  body.set("then", "card");
  const page = await asked(button.formAction, { method: "POST", body });
  row.ariaBusy = null;
  const fresh = page?.getElementById(row.id);
  if (!fresh) return;
  const open = row.querySelector("details")?.open;
  const next = fresh.matches(".wire--gone") && button.matches("[data-ignore]") && row.nextElementSibling;
  const focused = row.contains(document.activeElement);
  const same = ["data-ignore", "data-read"].find((name) => button.hasAttribute(name));
  row.replaceWith(fresh);
  if (same !== "data-read" && row.matches(".wire--read")) draw(fresh, true); // before it was told
  if (fresh.querySelector("details")) fresh.querySelector("details").open = open;
  document.dispatchEvent(new Event("desk:drawn"));
  say(words(page, ".work > .note") || (next ? "Ignored." : ""), false);
  if (!focused) return;
  const again = next ? headline(next) : same && fresh.querySelector(`[${same}]`);
  (again || headline(fresh)).focus({ preventScroll: !next });
}

// --- what was looked at ---------------------------------------------------------------------------

function draw(row, read) {
  const button = row.querySelector("[data-read]");
  const [number] = row.dataset.seen.split("-");
  row.classList.toggle("wire--read", read);
  [button.name, button.value] = read ? ["unseen", number] : ["seen", row.dataset.seen];
  button.formAction = read ? form.dataset.unread : form.dataset.read;
  button.firstChild.textContent = read ? "Unread" : "Read";
}

function tell() {
  clearTimeout(telling);
  if (!seen.size) return;
  const body = new FormData();
  for (const one of [...seen].slice(0, 50)) { body.append("seen", one); seen.delete(one); }
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("quietly", "");
  fetch(form.dataset.read, { method: "POST", body, keepalive: true }).catch(() => null);
  tell();
}

document.addEventListener("focusin", ({ target }) => {
  const row = rowOf(target);
  if (!row || row.matches(".wire--read") || target.matches("[data-read]")) return;
  draw(row, true);
  seen.add(row.dataset.seen);
  clearTimeout(telling);
  telling = setTimeout(tell, PAUSE);
});
addEventListener("pagehide", tell);

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!rowOf(button) || !button.matches("[data-ignore], [data-part], [data-read]")) return;
  event.preventDefault();
  if (button.matches("[data-read]")) seen.delete(rowOf(button).dataset.seen);
  send(button);
});

// --- what is ticked -------------------------------------------------------------------------------

function count() {
  const ticked = document.querySelectorAll('input[name="card"]:checked').length;
  const place = document.querySelector("[data-ticked]");
  if (place) place.textContent = ticked ? `${ticked} ticked` : "";
}
document.addEventListener("change", ({ target }) => { if (target.name === "card") count(); });
addEventListener("pageshow", count); // a page that comes back has its ticks

// --- what is new ----------------------------------------------------------------------------------

const inUse = (row) => row.contains(document.activeElement) || row.querySelector("details[open], :checked");

function takeIn(page) {
  const reading = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest(".row, .more, .filter");
  const top = reading?.getBoundingClientRect().top;
  let first = null;
  for (const fresh of [...page.querySelectorAll("[data-wire] > .row")].reverse()) {
    const old = document.getElementById(fresh.id);
    if (old && (old.dataset.seen === fresh.dataset.seen || inUse(old))) continue;
    old?.remove();
    fresh.classList.add("wire--arrived");
    list.prepend(fresh);
    first = fresh;
  }
  for (const selector of ["#arrivals", '#cards [name="newest"]']) {
    const now = page.querySelector(selector);
    document.querySelector(selector)?.replaceWith(now);
    window.htmx?.process(now);
  }
  document.title = page.title;
  document.dispatchEvent(new Event("desk:drawn"));
  headline(first)?.focus({ preventScroll: true });
  if (scrollY && reading?.isConnected) scrollBy({ top: reading.getBoundingClientRect().top - top, behavior: "instant" });
}

document.addEventListener("click", async (event) => {
  const pill = event.target.closest("[data-arrived]");
  if (!pill || !list || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const page = await asked(pill.href);
  if (page) takeIn(page);
});
document.addEventListener("htmx:after:swap", () => {
  const many = parseInt(document.querySelector("[data-arrived]")?.textContent ?? "0", 10);
  document.title = (many ? `(${many}) ` : "") + document.title.replace(/^\(\d+\) /, "");
});

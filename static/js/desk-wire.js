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
  else say(words(parsed(await answer.text()), ".problems p, .empty p") || "That did not work. Reload the page, then try again.");
  return null;
}

// In the place of what it was before; what is unfolded and ticked stays so.
function renew(old, fresh) {
  const [was, is] = [old, fresh].map((one) => one.querySelector("details"));
  if (was && is) is.open = was.open;
  for (const { name, value } of old.querySelectorAll(":checked")) {
    const same = fresh.querySelector(`[name="${name}"][value="${value}"]`);
    if (same) same.checked = true;
  }
  old.replaceWith(fresh);
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
  const gone = button.matches("[data-ignore]") && fresh.dataset.tray !== "waiting";
  const next = gone && row.nextElementSibling;
  const focused = row.contains(document.activeElement);
  const same = ["data-ignore", "data-read"].find((name) => button.hasAttribute(name));
  renew(row, fresh);
  if (same !== "data-read" && row.matches(".wire--read")) draw(fresh, true); // before it was told
  const onTop = document.getElementById(fresh.id.replace("card", "flagged"));
  if (onTop) onTop.hidden = fresh.dataset.tray !== "waiting";
  document.dispatchEvent(new Event("desk:drawn"));
  say(words(page, ".work > .note") || (gone ? "Ignored." : ""), false);
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

// What is ticked is counted, and a button that would be refused is off.
function count() {
  const of = (place, name) => place.querySelectorAll(`input[name="${name}"]:checked`).length;
  const ticked = of(document, "card");
  const place = document.querySelector("[data-ticked]");
  if (place) place.textContent = ticked ? `${ticked} ticked` : "";
  for (const button of document.querySelectorAll("[data-join]")) button.disabled = ticked < 2;
  for (const button of document.querySelectorAll("[data-split]")) button.disabled = !of(rowOf(button), "item");
}
document.addEventListener("change", ({ target }) => { if (["card", "item"].includes(target.name)) count(); });
document.addEventListener("desk:drawn", count);
addEventListener("pageshow", count); // a page that comes back has its ticks
count();

// --- what is new ----------------------------------------------------------------------------------

const inUse = (row) => row.contains(document.activeElement) || row.querySelector("details[open], :checked");

const newestOf = (row) => Number(row.dataset.seen.split("-")[1]);
const newRows = (page) => [...page.querySelectorAll("[data-wire] > .row")];

// Whether there is more of what is new than this page of it.
const goesOn = (page) => page.querySelector('[rel="next"]') && newRows(page).every((row) => newestOf(row) > Number(form.elements.newest.value));

function takeIn(page) {
  const held = rowOf(document.activeElement);
  const renewed = new Map();
  const reading = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest(".row, .more, .filter");
  const top = reading?.getBoundingClientRect().top;
  let first = null;
  for (const fresh of newRows(page).reverse()) {
    const old = document.getElementById(fresh.id);
    if (old?.dataset.seen === fresh.dataset.seen) continue;
    fresh.classList.add("wire--arrived");
    if (old && inUse(old)) {
      renew(old, fresh);
      renewed.set(old, fresh);
    } else {
      old?.remove();
      list.prepend(fresh);
      first = fresh;
    }
  }
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = page.getElementById(old.id);
    renew(old, now);
    window.htmx?.process(now);
  }
  document.title = page.title;
  document.dispatchEvent(new Event("desk:drawn"));
  const [stays] = renewed.values();
  const place = renewed.get(reading) ?? reading;
  if (scrollY && place?.isConnected) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
  headline(renewed.get(held) ?? first ?? stays)?.focus({ preventScroll: Boolean(first) });
  if (stays) say("What you have open or ticked was brought up to date where it stands.");
}

document.addEventListener("click", async (event) => {
  const pill = event.target.closest("[data-arrived]");
  if (!pill || !list || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const page = await asked(pill.href);
  if (page && goesOn(page)) location.assign(pill.href);
  else if (page) takeIn(page);
});
document.addEventListener("htmx:after:swap", () => {
  const many = parseInt(document.querySelector("[data-arrived]")?.textContent ?? "0", 10);
  document.title = (many ? `(${many}) ` : "") + document.title.replace(/^\(\d+\) /, "");
});

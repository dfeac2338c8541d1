// Lays out a front without reloading: a story is dragged to its place, or a button is pressed; the
// form goes as it would by itself, and what comes back takes the place of what was there.
import Sortable from "../vendor/sortable.esm.js";

const PACE = 10000; // ms between two looks at what colleagues do
const PARTS = ["[data-arrange]", "[data-actions]", "[data-facts]"];
const part = (selector, page = document) => page.querySelector(selector);
const STAYS = 5000; // ms that a sentence is seen
let busy = false;
let hiding;

// Said politely; a region that listeners know is filled, not replaced.
function say(words) {
  const place = part("[data-said]");
  place.classList.remove("unseen");
  place.textContent = words;
  clearTimeout(hiding);
  hiding = setTimeout(() => place.classList.add("unseen"), STAYS);
}

function trouble(words) {
  busy = false;
  say(words);
}

// The control that was used, where it is now; else the story that it moved.
function focusAgain(key, story) {
  const wanted = [`[data-key="${key}"]:not(:disabled)`, `[data-places] [data-story="${story}"]`, `[data-story="${story}"] select`];
  (part("[data-arrange] [data-focus]") ?? wanted.map((one) => part(one)).find(Boolean))?.focus();
}

function show(text, address, key, story) {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!part("[data-arrange]", page)) {
    trouble(part(".empty p", page)?.textContent.trim() ?? "That did not work. Reload the page, then try again.");
    return;
  }
  const words = [...page.querySelectorAll(".work > .note")].map((note) => note.textContent.trim()).join(" ");
  for (const selector of PARTS) part(selector).replaceWith(part(selector, page));
  document.title = page.title;
  history.replaceState(null, "", address.split("#")[0]);
  busy = false;
  prepare();
  document.dispatchEvent(new Event("desk:drawn"));
  focusAgain(key, story);
  say(words);
}

async function send(form, button, story) {
  if (busy) return;
  busy = true;
  const key = button?.dataset.key ?? "";
  const slow = setTimeout(() => say("Sending …"), 200);
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) }).catch(() => null);
  clearTimeout(slow);
  if (answer?.status === 401) location.reload(); // the door, and back here
  else if (!answer) trouble("The connection was lost: nothing was moved. Try again.");
  else if (answer.status >= 500) trouble("The site has a fault: nothing was moved. Try again.");
  else show(await answer.text(), answer.url.includes("/slots") ? location.href : answer.url, key, story);
}

// What is dropped is sent with the form that its buttons use.
function dropped({ item, from, to, newDraggableIndex, oldDraggableIndex }) {
  if (to !== part("[data-places]") || (from === to && newDraggableIndex === oldDraggableIndex)) return;
  const own = part(`[data-arrange] [data-story="${item.dataset.story}"] form[action*="/slots"]`);
  const form = own.cloneNode(true);
  form.querySelectorAll("[name=place]").forEach((field) => field.remove());
  const place = document.createElement("input");
  [place.name, place.value] = ["place", newDraggableIndex + 1];
  form.append(place);
  send(form, null, item.dataset.story);
}

function prepare() {
  const shared = { handle: "[data-grip]", animation: 120, onEnd: dropped, ghostClass: "place--ghost", delay: 120, delayOnTouchOnly: true };
  Sortable.create(part("[data-places]"), { ...shared, group: "front" });
  const stock = part("[data-stock]");
  if (stock) Sortable.create(stock, { ...shared, sort: false, group: { name: "front", pull: "clone", put: false } });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("[data-arrange], [data-actions]")) return;
  event.preventDefault();
  send(form, event.submitter, form.elements.story?.value ?? form.closest("[data-story]")?.dataset.story);
});

setInterval(async () => {
  if (document.hidden || busy) return;
  const asked = part("[data-arrange]").dataset.company;
  const answer = await fetch(asked).catch(() => null);
  if (!answer?.ok || busy || asked !== part("[data-arrange]").dataset.company) return;
  const [words, place] = [(await answer.text()).trim(), part("[data-company-place]")];
  if (words !== place.innerHTML.trim()) { place.innerHTML = words; say(place.textContent.trim().replace(/\s+/g, " ")); }
}, PACE);

prepare();

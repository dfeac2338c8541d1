// Has the desk look at the site as a reader, each second, until every place has the change.
import { place } from "./desk-parts.js";

const EVERY = 1000;
let receipt;
let timer;

// Also when the desk has drawn a part of its page anew.
function begin() {
  clearTimeout(timer);
  receipt = document.querySelector("[data-receipt]");
  if (receipt) timer = setTimeout(look, EVERY / 4);
}

async function look() {
  const [looked, body] = [receipt, new FormData()];
  body.set("csrf_token", document.querySelector('[name="csrf_token"]').value);
  const answer = await fetch(receipt.dataset.receipt, { method: "POST", body }).catch(() => null);
  if (looked !== receipt) return;
  if (answer?.ok) show(place(await answer.text()));
  if (receipt.dataset.receipt) timer = setTimeout(look, EVERY);
}

// Only what says something else is drawn again: “Undo” keeps the focus, nothing is read twice.
function show(seen) {
  const next = seen.querySelector(".receipt");
  if (!next) return;
  receipt.className = next.className;
  for (const part of ["[data-receipt-says]", "[data-receipt-undo]"]) {
    const [old, fresh] = [receipt.querySelector(part), next.querySelector(part)];
    if (old && !fresh) old.remove();
    else if (old && part === "[data-receipt-says]") redraw(old, fresh);
  }
  if (!next.dataset.receipt) delete receipt.dataset.receipt;
}

function redraw(old, fresh) {
  const [title, said] = [old.querySelector("h2"), fresh.querySelector("h2")];
  if (title.textContent.trim() !== said.textContent.trim()) title.textContent = said.textContent.trim();
  const head = title.parentElement; // listeners hear it, and not what is under it
  while (head.nextElementSibling) head.nextElementSibling.remove();
  head.after(...[...fresh.children].slice(1));
}

document.addEventListener("desk:drawn", begin);
begin();

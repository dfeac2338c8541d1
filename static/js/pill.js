// "3 new stories": its count stands in the tab's title; a click brings them in above what is being
// read, and the reader's place and focus stay where they are.
import { announce } from "./announce.js";

const STAYS = 10_000; // ms that "added" is told
let before = null;

// What the reader looks at: the story in the middle of the window.
function reading() {
  const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return seen?.closest("li, article, section, footer");
}

// Not while somebody is about to use it.
function leave(added) {
  setTimeout(() => {
    if (added.matches(":hover, :focus")) leave(added);
    else added.remove();
  }, STAYS);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-pill-button]");
  if (!button) return;
  // A poll that is under way still counts these stories as new.
  document.querySelector("[data-pulse]")?.dispatchEvent(new Event("htmx:abort"));
  before = { anchor: null, focused: document.activeElement === button };
});
document.addEventListener("htmx:before:swap", () => {
  if (!before) return;
  before.anchor = reading();
  before.top = before.anchor?.getBoundingClientRect().top;
});
document.addEventListener("htmx:after:swap", () => {
  const pill = document.querySelector("[data-pill]");
  const count = Number(pill?.dataset.count ?? 0);
  document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  if (count) announce(pill.textContent.trim());
  const added = pill?.querySelector("[data-pill-added]");
  if (!before || !added) return;
  const { anchor, top, focused } = before;
  before = null;
  leave(added);
  if (focused) added.focus({ preventScroll: true });
  // After the browser's own scroll anchoring, which not every browser has.
  requestAnimationFrame(() => {
    if (scrollY && anchor?.isConnected) {
      scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
    }
  });
});

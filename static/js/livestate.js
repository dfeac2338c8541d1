// Says how live the page is, and lets the reader stop it.
import { live, pause } from "./live.js";

const state = document.querySelector("[data-live]");
const words = state?.querySelector("[data-live-words]");
const button = state?.querySelector("[data-live-pause]");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

function age() {
  const seconds = Math.max(0, Math.round((Date.now() - live.checked) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

function draw() {
  const [name, text] = live.paused ? ["paused", "Updates paused"]
    : live.lost ? ["lost", `Connection lost at ${clock.format(live.lost)}, retrying`]
    : ["on", `Live · checked ${age()} ago`];
  if (words.textContent !== text) words.textContent = text;
  state.dataset.live = name;
  button.textContent = live.paused ? "Resume" : "Pause";
  button.setAttribute("aria-label", live.paused ? "Resume live updates" : "Pause live updates");
}

if (state) {
  button.addEventListener("click", () => {
    pause(!live.paused);
    draw();
  });
  document.addEventListener("htmx:finally:request", draw);
  setInterval(draw, 1000);
  draw();
}

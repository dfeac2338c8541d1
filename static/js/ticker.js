// Steps through the breaking headlines, one at a time; never moves for those who asked for calm.
import { announce } from "./announce.js";

const PACE = 7000;
const FRESH = 60_000; // ms that news which has just broken stands still
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const ticker = () => document.querySelector("[data-ticker]");
const part = (name) => ticker()?.querySelector(`[data-ticker-${name}]`);
const lines = () => [...(part("list")?.children ?? [])];
const headline = (line) => line?.querySelector("a")?.getAttribute("href");
const shown = () => lines().findIndex((line) => headline(line) === headline(part("line")));
const newest = () => headline(lines()[0] ?? part("line"));

let paused = calm.matches;
let fresh = -Infinity; // when news broke last, on this page's own clock

function show(index) {
  const all = lines();
  if (all.length < 2) return;
  const line = all[(index + all.length) % all.length];
  part("line").replaceChildren(...[...line.childNodes].map((node) => node.cloneNode(true)));
}

function draw() {
  part("buttons")?.setAttribute("data-ready", "");
  part("pause")?.setAttribute("aria-pressed", String(paused));
}

function pause(now) {
  paused = now;
  draw();
}

setInterval(() => {
  const busy = ticker()?.matches(":hover, :focus-within, :has([open])");
  const held = performance.now() - fresh < FRESH;
  if (!paused && !document.hidden && !busy && !held) show(shown() + 1);
}, PACE);
document.addEventListener("click", ({ target }) => {
  const step = target.closest("[data-ticker-step]");
  if (step) show(shown() + Number(step.dataset.tickerStep));
  if (target.closest("[data-ticker-pause]")) pause(!paused);
});
calm.addEventListener("change", () => pause(calm.matches));
draw();

// A new ticker keeps the headline, the open list and the focus of the old, unless news has broken.
let old = null;

function nameOf(element) {
  if (element.matches("summary")) return "summary";
  const { tickerStep } = element.dataset;
  if (tickerStep) return `[data-ticker-step="${tickerStep}"]`;
  return element.matches("a") ? `a[href="${headline(element.parentNode)}"]` : "[data-ticker-pause]";
}

document.addEventListener("htmx:before:swap", () => {
  const focused = ticker()?.contains(document.activeElement) && nameOf(document.activeElement);
  const open = Boolean(ticker()?.querySelector("[open]"));
  const known = new Set([newest(), ...lines().map(headline)]);
  old = { ticker: ticker(), shown: headline(part("line")), first: newest(), known, focused, open };
});
document.addEventListener("htmx:after:swap", () => {
  if (!old || ticker() === old.ticker) return;
  if (old.known.has(newest())) {
    // Put in order, or one has ended: who was at the first line is at the first one now.
    const kept = old.shown === old.first ? 0 : lines().findIndex((line) => headline(line) === old.shown);
    show(Math.max(0, kept));
  } else if (ticker().querySelector(".now")) {
    fresh = performance.now();
    part("line").dataset.arrived = "";
    announce(`Breaking: ${part("line").querySelector("a")?.textContent}`);
  }
  draw();
  if (old.open) ticker().querySelector("details")?.setAttribute("open", "");
  if (old.focused) ticker().querySelector(old.focused)?.focus({ preventScroll: true });
});

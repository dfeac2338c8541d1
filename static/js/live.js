// When an open page asks for news: at the server's pace with jitter, never while hidden, at once on
// return, ever more slowly while the connection is lost, and not at all when the reader says so.
const LONGEST = 120000;
const pulse = () => document.querySelector("[data-pulse]");
const isPulse = (ctx) => ctx.sourceElement?.matches?.("[data-pulse]");

export const live = { checked: Date.now(), lost: null, paused: recalled() };
let failures = 0;
let asking = false;
let timer;

// Private windows may refuse storage; then the choice lasts as long as the page.
function recalled() {
  try { return localStorage.getItem("live") === "paused"; } catch { return false; }
}

export function pause(paused) {
  live.paused = paused;
  try { localStorage.setItem("live", paused ? "paused" : "on"); } catch { /* see above */ }
  if (paused) clearTimeout(timer);
  else ask();
}

// A little earlier or later than the others, so that they do not all come at once.
function plan(wait = Math.min(Number(pulse()?.dataset.every) * 1000 * 2 ** failures, LONGEST)) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait * (0.8 + Math.random() * 0.4));
}

function ask() {
  clearTimeout(timer);
  if (live.paused || document.hidden || asking || !pulse()) return;
  asking = true;
  pulse().dispatchEvent(new Event("pulse"));
}

function answered() {
  [live.checked, live.lost, failures] = [Date.now(), null, 0];
  plan();
}

function lost(seconds) {
  live.lost ??= Date.now();
  failures = Math.min(failures + 1, 6);
  // Never earlier than the server asked for.
  if (seconds > 0) plan(Math.min(seconds, 3600) * 1250);
  else plan();
}

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!isPulse(ctx)) return;
  asking = false;
  const { response, request } = ctx;
  if (response) (response.status < 400 ? answered : lost)(Number(response.headers.get("Retry-After")));
  else if (request.signal.aborted && request.signal.reason !== "timeout") plan();
  else lost();
});
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
addEventListener("online", ask);
addEventListener("offline", () => lost());
if (pulse()) plan();

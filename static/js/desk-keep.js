// Keeps every word: in this browser at once, at the desk within a second of a pause. No save is
// sent to a desk that can't take it: first the words are safe there, then the form goes.
import { catchUp, forget, note } from "./desk-journal.js";
import { signInAgain } from "./desk-again.js";
import { place } from "./desk-parts.js";

const PAUSE = 700;
const LONG = 5000; // whoever types without a pause is kept all the same
const BEAT = 10000;
const LONGEST = 30000;
const form = document.querySelector("[data-keep]");
const state = document.querySelector("[data-kept]");
const door = document.querySelector("[data-again-open]");
const { keep: address, story } = form.dataset;

let typed = "typed" in form.dataset; // there is something in the form that the story doesn't say
let pending = typed; // … and the desk has not got it yet
let [failures, leaving, timer, sending, since] = [0, false, 0, null, 0];
let carried = false; // … or is just being given it

const clock = (at = new Date()) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// All that is typed; while nothing is, the desk only hears that the form is open.
function fields() {
  const body = new FormData(form);
  body.set("typed", "1");
  return body;
}

function signOfLife() {
  const body = new FormData();
  for (const name of ["csrf_token", "version"]) body.set(name, form.elements[name].value);
  return body;
}

function say(words, wrong = false) {
  if (state.textContent !== words) state.textContent = words;
  state.classList.toggle("kept--wrong", wrong);
}

function change() {
  [typed, pending] = [true, true];
  since ||= Date.now();
  journal();
  plan(Math.max(0, Math.min(PAUSE, since + LONG - Date.now())));
}

// At most a few times a second, also while somebody types on: a long story is some hundred kilobytes.
let [noted, here] = [0, true];
const inBrowser = () => (here ? "What you typed is kept in this browser" : "What you typed is only in this window: leave it open");
function journal() {
  noted ||= setTimeout(write, 150);
}

function write() {
  noted = 0;
  if (pending || carried) here = note(address, { person: document.body.dataset.person, fields: [...fields(), ["story", story]] });
}

function plan(wait) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

// One at a time; resolves to whether the desk has all that is typed. Who was signed out is only
// interrupted when `asking`: whoever types on would type into the dialog.
function send(asking = false) {
  sending ??= deliver(asking).finally(() => { sending = null; });
  return sending;
}

async function deliver(asking, renewed = false) {
  clearTimeout(timer);
  if (leaving) return false;
  since = 0;
  const had = pending;
  const body = had ? fields() : signOfLife();
  body.set("story", story);
  [pending, carried] = [false, had];
  let answer = null;
  try {
    answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(15000) });
  } catch { /* no connection, or no answer: told below */ }
  carried = false;
  if (answer?.ok) return arrived(had, await answer.text());
  pending ||= had;
  // 400: the form's token is of a session that has ended.
  if (!renewed && answer && [400, 401].includes(answer.status)) return signedOut(asking);
  failed(answer);
  return false;
}

function arrived(had, said) {
  failures = 0;
  door.hidden = true;
  place(said);
  if (typed && !pending) {
    clearTimeout(noted);
    noted = 0;
    forget(address);
    if (had) say(`Kept at ${clock()}. Not saved yet.`);
  }
  plan(pending ? PAUSE : BEAT);
  return !pending;
}

async function signedOut(asking) {
  say(`You were signed out. ${inBrowser()}.`, true);
  door.hidden = false;
  if (await signInAgain(asking).catch(() => false)) {
    say("Signed in again.");
    return deliver(asking, true);
  }
  plan(BEAT);
  return false;
}

function failed(answer) {
  failures += 1;
  plan(Math.min(1000 * 2 ** failures, LONGEST));
  if (!typed) return;
  const why = navigator.onLine ? (answer ? "The desk has a problem" : "The desk doesn’t answer") : "You are offline";
  say(`${why}. ${inBrowser()}; trying again.`, true);
}

form.addEventListener("input", change);
// The editor says so when it draws its text for the first time, too.
form.addEventListener("trix-initialize", () => form.addEventListener("trix-change", change));
form.addEventListener("submit", async (event) => {
  if (leaving) return; // this is the one that goes
  event.preventDefault();
  [typed, pending] = [true, true];
  say("Saving …");
  while (sending) await sending;
  const there = await send(true);
  if (!there) {
    if (failures) say(`Not saved: ${navigator.onLine ? "the desk doesn’t answer" : "you are offline"}. ${inBrowser()}; save again when it is back.`, true);
    return;
  }
  leaving = true;
  sendOff(event.submitter);
});

door.addEventListener("click", async () => {
  while (sending) await sending;
  send(true);
});

// The button that was pressed may have been drawn anew meanwhile: what it meant goes along.
function sendOff(button) {
  if (button?.isConnected) return form.requestSubmit(button);
  const meant = document.createElement("input");
  Object.assign(meant, { type: "hidden", name: button?.name ?? "then", value: button?.value ?? "save" });
  form.append(meant);
  return form.requestSubmit();
}
// Colleagues hear at once that this window is gone; a page that comes back tells of itself again.
addEventListener("pagehide", () => {
  if (!leaving) write();
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  navigator.sendBeacon(`${address}/absence`, body);
});
addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; plan(0); } });
addEventListener("online", () => plan(0));
addEventListener("beforeunload", (event) => { if (pending && typed && !leaving) event.preventDefault(); });

plan(0);
catchUp(address).catch(() => {});

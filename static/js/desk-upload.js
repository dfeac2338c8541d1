// Sends pictures one by one, dropped, pasted or chosen: each with its progress, and again if it
// failed on the way: by itself where the answer says when (Retry-After), else when asked. Without
// this the form sends them all at once.
import { signInAgain } from "./desk-again.js";
import { signedOut, token, tooLarge } from "./desk-send.js";

const TRIES = 20;
const LONGEST = 60; // seconds that it waits before it sends again
const form = document.querySelector("[data-upload]");
const list = form?.querySelector("[data-upload-list]");
const field = form?.elements.files;
const waiting = new Map(); // the lines of files that wait for somebody to sign in

function line(file) {
  const item = document.createElement("li");
  const [name, bar, words, again] = ["bdi", "progress", "span", "button"].map((tag) => document.createElement(tag));
  name.textContent = file.name;
  bar.setAttribute("aria-label", `Sending ${file.name}`);
  bar.max = 100;
  again.type = "button";
  again.className = "button button--small";
  again.hidden = true;
  item.append(name, bar, words, again);
  list.append(item);
  return { item, bar, words, again };
}

// Resolves to status, page, and the seconds after which to send again; no status when the
// connection was lost.
function deliver(file, { bar, words }) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.set("csrf_token", token());
  body.set("files", file);
  return new Promise((done) => {
    request.upload.onprogress = ({ loaded, total }) => {
      bar.value = (loaded / total) * 100;
      if (loaded === total) words.textContent = "Making its sizes …";
    };
    request.onload = () => {
      const { status, responseURL: url, responseText: text } = request;
      done({ status, url, text, after: status === 503 ? Number(request.getResponseHeader("Retry-After")) : 0 });
    };
    request.onerror = () => done({ status: 0, text: "" });
    request.open("POST", form.action);
    request.send(body);
  });
}

// The connection may break off before the desk has said that nobody is signed in.
async function isOut(status) {
  return signedOut(status) || (!status && !(await signInAgain(false).catch(() => true)));
}

function failed({ bar, words, again }, why, way = "", then = null) {
  bar.hidden = true;
  words.textContent = why;
  again.hidden = !way;
  again.textContent = way;
  again.onclick = then;
}

function wait(file, parts) {
  waiting.set(file, parts);
  failed(parts, "You were signed out.", "Sign in again", comeBack);
}

async function send(file, parts, tries = TRIES) {
  const { bar, words, again } = parts;
  if (tooLarge(file)) { failed(parts, tooLarge(file)); return; }
  again.hidden = true;
  words.textContent = "";
  bar.hidden = false;
  bar.value = 0;
  const { status, url, text, after } = await deliver(file, parts);
  if (after && tries > 1) {
    bar.hidden = true;
    words.textContent = "Waiting for its turn …";
    await new Promise((done) => { setTimeout(done, Math.min(after, LONGEST) * 1000); });
    await send(file, parts, tries - 1);
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  if (status === 200 && url.startsWith(`${form.action}/`)) { taken(parts, url); return; }
  if (await isOut(status)) { wait(file, parts); return; }
  const reason = page.querySelector(".problems li")?.textContent.replace(`${file.name}: `, "");
  const why = reason ?? (status ? "It did not arrive." : "The connection was lost.");
  if ([413, 422].includes(status)) failed(parts, why);
  else failed(parts, why, "Try again", () => sendAll([[file, parts]]));
}

function taken({ bar, words }, url) {
  const link = document.createElement("a");
  bar.hidden = true;
  link.href = url;
  link.textContent = "Say what it shows and whose it is";
  words.replaceChildren("In the library. ", link);
}

// Asks whoever was signed out, then sends what waited for it.
async function comeBack() {
  if (!await signInAgain(true).catch(() => false)) return;
  const left = [...waiting];
  waiting.clear();
  await sendAll(left);
}

// What is in the library now, whatever became of the rest.
async function refresh() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-library]");
  if (fresh) document.querySelector("[data-library]").replaceWith(fresh);
}

async function sendAll(lines) {
  for (const [file, parts] of lines) {
    if (waiting.size) wait(file, parts); // nor will the next come in
    else await send(file, parts);
  }
  refresh();
  if (waiting.size) comeBack();
}

if (form) {
  const take = (files) => sendAll([...files].map((file) => [file, line(file)]));
  form.addEventListener("submit", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    take(field.files);
    field.value = "";
  });
  addEventListener("paste", ({ clipboardData }) => { if (clipboardData.files.length) take(clipboardData.files); });
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("upload--over", kind === "dragover");
      if (kind === "drop") take(event.dataTransfer.files);
    });
  }
}

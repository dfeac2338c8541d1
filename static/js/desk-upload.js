// Sends pictures one by one, dropped, pasted or chosen: each with its progress, and again if it
// failed on the way: by itself where the answer says when (Retry-After), else when asked. Without
// this the form sends them all at once.
const TRIES = 20;
const LONGEST = 60; // seconds that it waits before it sends again
const form = document.querySelector("[data-upload]");
const list = form?.querySelector("[data-upload-list]");
const field = form?.elements.files;

function line(file) {
  const item = document.createElement("li");
  const [name, bar, words, again] = ["bdi", "progress", "span", "button"].map((tag) => document.createElement(tag));
  name.textContent = file.name;
  bar.setAttribute("aria-label", `Sending ${file.name}`);
  bar.max = 100;
  again.type = "button";
  again.className = "button button--small";
  again.textContent = "Try again";
  again.hidden = true;
  item.append(name, bar, words, again);
  list.append(item);
  return { item, bar, words, again };
}

function send(file, { bar, words, again, item }, tries = TRIES) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("files", file);
  again.hidden = true;
  words.textContent = "";
  bar.hidden = false;
  bar.value = 0;
  return new Promise((done) => {
    const failed = (why, retry) => {
      bar.hidden = true;
      words.textContent = why;
      again.hidden = !retry;
      again.onclick = () => send(file, { bar, words, again, item }).then(reloadWhenDone);
      done();
    };
    request.upload.onprogress = ({ loaded, total }) => {
      bar.value = (loaded / total) * 100;
      if (loaded === total) words.textContent = "Making its sizes …";
    };
    request.onload = () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status === 200) { item.dataset.taken = ""; bar.hidden = true; words.textContent = "In the library."; done(); return; }
      const reason = page.querySelector(".problems li")?.textContent.replace(`${file.name}: `, "");
      const after = Math.min(Number(request.getResponseHeader("Retry-After")), LONGEST);
      if (request.status === 503 && after && tries > 1) {
        bar.hidden = true;
        words.textContent = "Waiting for its turn …";
        setTimeout(() => send(file, { bar, words, again, item }, tries - 1).then(done), after * 1000);
        return;
      }
      failed(reason ?? "It did not arrive.", request.status !== 422);
    };
    request.onerror = () => failed("The connection was lost.", true);
    request.open("POST", form.action);
    request.send(body);
  });
}

function reloadWhenDone() {
  const lines = [...list.children];
  if (lines.length && lines.every((item) => "taken" in item.dataset)) location.reload();
}

async function sendAll(files) {
  for (const file of files) await send(file, line(file));
  reloadWhenDone();
}

if (form) {
  form.addEventListener("submit", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    sendAll([...field.files]);
    field.value = "";
  });
  addEventListener("paste", ({ clipboardData }) => { if (clipboardData.files.length) sendAll([...clipboardData.files]); });
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("upload--over", kind === "dragover");
      if (kind === "drop") sendAll([...event.dataTransfer.files]);
    });
  }
}

// Puts pictures into the text: chosen in the library, dropped, or pasted.
import { figure, learn, ours, photosOf } from "./desk-figures.js";
import { send } from "./desk-send.js";

const { Trix } = window;
const editor = document.querySelector("trix-editor");
const dialog = document.querySelector("[data-pictures]");
const part = (name) => dialog.querySelector(`[data-pictures-${name}]`);
let chosen = []; // numbers, in the order in which they were chosen
let place = [0, 0];

function say(words) { part("state").textContent = words; }

function mark() {
  for (const field of part("choices").querySelectorAll("input")) field.checked = chosen.includes(field.value);
  part("put").textContent = chosen.length > 1 ? `Put a gallery of ${chosen.length} into the text` : "Put into the text";
  part("put").disabled = chosen.length === 0;
}

async function look(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return null;
  const list = document.createElement("ul");
  list.innerHTML = await answer.text();
  learn(list);
  return list;
}

async function find() {
  const words = part("search").value;
  const list = await look(`${dialog.dataset.pictures}&words=${encodeURIComponent(words)}`);
  if (words !== part("search").value) return;
  if (list) part("choices").replaceChildren(...list.children);
  say(list ? (part("choices").children.length ? "" : words ? "No picture has these words." : "No pictures yet. Send the first one in.") : "The library doesn’t answer. Try again.");
  mark();
}

async function sendIn(files) {
  const refused = [];
  for (const [number, file] of files.entries()) {
    say(`Sending ${file.name} (${number + 1} of ${files.length}) …`);
    try {
      const sent = await send(dialog.dataset.picturesSend, file);
      const list = await look(`${dialog.dataset.picturesSend}/${sent}/choice`);
      part("choices").querySelector(`input[value="${sent}"]`)?.closest("li").remove();
      part("choices").prepend(...list.children);
      if (!chosen.includes(sent)) chosen.push(sent);
      mark();
    } catch (error) {
      refused.push(`${file.name}: ${error.message}`);
    }
  }
  say(refused.join(" "));
}

// The figure that is selected in the text is the one to change.
function selected() {
  const [from, to] = place;
  return to - from === 1 ? editor.editor.getDocument().getDocumentAtRange(place).getAttachments().find((one) => photosOf(one).length) : undefined;
}

function open() {
  place = editor.editor.getSelectedRange();
  chosen = selected() ? photosOf(selected()) : [];
  part("search").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  find();
}

function put(numbers, where) {
  editor.editor.recordUndoEntry("Pictures");
  editor.editor.setSelectedRange(where);
  editor.editor.insertAttachment(new Trix.Attachment(figure(numbers)));
}

// Dropped or pasted into the text: a line stands for each until it has arrived.
async function drop(file) {
  const waiting = new Trix.Attachment({ contentType: "text/plain", content: "" });
  const line = document.createElement("span");
  line.textContent = `Sending ${file.name} …`;
  waiting.setAttributes({ content: line.outerHTML });
  editor.editor.insertAttachment(waiting);
  const managed = () => editor.editor.getDocument().getAttachments().find((one) => one === waiting);
  try {
    const number = await send(dialog.dataset.picturesSend, file);
    await look(`${dialog.dataset.picturesSend}/${number}/choice`);
    if (managed()) waiting.setAttributes(figure([number]));
  } catch (error) {
    line.textContent = `${file.name}: ${error.message} `;
    if (managed()) waiting.setAttributes({ content: line.outerHTML });
  }
}

if (Trix && editor) {
  editor.addEventListener("trix-action-invoke", ({ actionName }) => { if (actionName === "x-pictures") open(); });
  editor.addEventListener("trix-file-accept", (event) => {
    event.preventDefault();
    drop(event.file);
  });
  // What other pages bring along as attachments is not ours to show.
  editor.addEventListener("trix-attachment-add", ({ attachment }) => {
    if (!ours(attachment) && attachment.getContentType() !== "text/plain") attachment.remove();
  });

  let timer;
  part("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, 300); });
  part("search").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  part("files").addEventListener("change", ({ target }) => { const files = [...target.files]; target.value = ""; sendIn(files); });
  part("choices").addEventListener("change", ({ target }) => {
    chosen = target.checked ? [...chosen, target.value] : chosen.filter((number) => number !== target.value);
    mark();
  });
  for (const kind of ["dragover", "drop"]) dialog.addEventListener(kind, (event) => {
    event.preventDefault();
    if (kind === "drop") sendIn([...event.dataTransfer.files]);
  });
  dialog.addEventListener("paste", ({ clipboardData }) => { if (clipboardData.files.length) sendIn([...clipboardData.files]); });
  dialog.addEventListener("close", () => {
    editor.focus();
    if (dialog.returnValue === "put" && chosen.length) put(chosen, place);
    else editor.editor.setSelectedRange(place);
  });
}

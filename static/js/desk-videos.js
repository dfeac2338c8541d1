// Puts a video into the text: by its address, which the desk takes in, or one of the library.
import { figure, learn } from "./desk-figures.js";
import { post, signedOut } from "./desk-send.js";

const { Trix } = window;
const editor = document.querySelector("trix-editor");
const dialog = document.querySelector("[data-videos]");
const part = (name) => dialog.querySelector(`[data-videos-${name}]`);
let place = [0, 0];

function wrong(words) {
  part("error").textContent = words;
  part("error").hidden = !words;
  part("address").setAttribute("aria-invalid", Boolean(words));
  if (words) part("address").focus();
}

// Resolves to the number of the video at this address; throws with a sentence when there is none.
async function takeIn(address) {
  const answer = await post(dialog.dataset.videos, { address });
  if (!answer) throw new Error("The desk doesn’t answer. Try again.");
  const number = new URL(answer.url).pathname.match(/\/videos\/(\d+)$/)?.[1];
  if (answer.ok && number) return number;
  if (signedOut(answer.status)) throw new Error("You were signed out. Sign in again, then put it in once more.");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  throw new Error(page.querySelector(".problems li")?.textContent.trim() ?? "It was not taken in. Try again.");
}

async function put(number) {
  const answer = await fetch(`${dialog.dataset.videos}/${number}/choice`).catch(() => null);
  const list = document.createElement("ul");
  list.innerHTML = answer?.ok ? await answer.text() : "";
  learn(list);
  dialog.close("put");
  editor.editor.recordUndoEntry("Video");
  editor.editor.setSelectedRange(place);
  editor.editor.insertAttachment(new Trix.Attachment(figure([number], "video")));
}

if (Trix && editor) {
  editor.addEventListener("trix-action-invoke", ({ actionName }) => {
    if (actionName !== "x-videos") return;
    place = editor.editor.getSelectedRange();
    wrong("");
    part("address").value = part("known").value = "";
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "put") return;
    event.preventDefault();
    const address = part("address").value.trim();
    if (!address && !part("known").value) { wrong("Paste an address, or choose one."); return; }
    part("state").textContent = address ? "Asking about the video …" : "";
    wrong("");
    try {
      await put(address ? await takeIn(address) : part("known").value);
    } catch (error) {
      wrong(error.message);
    } finally {
      part("state").textContent = "";
    }
  });
  dialog.addEventListener("close", () => {
    editor.focus();
    if (dialog.returnValue !== "put") editor.editor.setSelectedRange(place);
  });
}

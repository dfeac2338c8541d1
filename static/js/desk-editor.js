// Turns the body's text field into the editor; the field stays and carries the value.
import { learn, toDesk, toEditor } from "./desk-figures.js";

const { Trix } = window;
const field = document.querySelector("[data-editor]");

// Styles that a browser puts on what is copied: the policy forbids them, and complains of each.
const TAG = /<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const STYLE = /\sstyle\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)|("[^"]*"|'[^']*')/gi;
const unstyled = (markup) => markup.replace(TAG, (tag) => tag.replace(STYLE, (_, value = "") => value));

if (Trix && field) {
  const blocks = Trix.config.blockAttributes;
  blocks.default = { ...blocks.default, tagName: "p", breakOnReturn: true };
  blocks.heading1.tagName = "h2";

  learn(document.querySelector("[data-pictures-known]").content);
  field.value = toEditor(field.value);
  field.form.addEventListener("formdata", ({ formData }) => formData.set(field.name, toDesk(field.value)));

  const label = document.querySelector(`label[for="${field.id}"]`);
  label.id = `${field.id}-label`;
  field.after(document.querySelector("#editor-toolbar").content.cloneNode(true));
  const editor = document.createElement("trix-editor");
  editor.className = "editor";
  editor.setAttribute("input", field.id);
  editor.setAttribute("toolbar", "body-toolbar");
  editor.setAttribute("role", "textbox");
  editor.setAttribute("aria-multiline", "true");
  editor.setAttribute("aria-labelledby", label.id);
  for (const name of ["aria-describedby", "aria-invalid", "lang"]) {
    if (field.hasAttribute(name)) editor.setAttribute(name, field.getAttribute(name));
  }
  document.querySelector("#body-toolbar").after(editor);
  // Before the editor, which reads what is pasted more than once.
  document.addEventListener("beforeinput", (event) => {
    const { target, dataTransfer } = event;
    if (!editor.contains(target) || !dataTransfer?.types.includes("text/html")) return;
    const read = dataTransfer.getData.bind(dataTransfer);
    dataTransfer.getData = (type) => type === "text/html" ? unstyled(read(type)) : read(type);
    Object.defineProperty(event, "dataTransfer", { value: dataTransfer });
  }, true);
  field.hidden = true;
  label.addEventListener("click", () => editor.focus());
}

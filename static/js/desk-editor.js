// Turns the body's text field into the editor; the field stays and carries the value.
import { learn, toDesk, toEditor } from "./desk-figures.js";

const { Trix } = window;
const field = document.querySelector("[data-editor]");

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
  field.hidden = true;
  label.addEventListener("click", () => editor.focus());
}

// Copies words: those that are shown only once, and all that was typed into a form.
for (const box of document.querySelectorAll("[data-copy]")) {
  const words = box.querySelector("input, textarea");
  const button = box.querySelector("[data-copy-button]");
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(words.value);
    button.textContent = "Copied";
  });
  words.addEventListener("focus", () => words.select());
}

// Behind the editor stands a field with its markup: who copies wants the text.
const spoken = (field) => document.querySelector(`[input="${field.id}"]`)?.innerText ?? field.value;

function typedInto(form) {
  const fields = [...form.elements].filter((field) => ["text", "textarea", "url"].includes(field.type) && field.labels.length);
  const written = fields.filter((field) => spoken(field).trim());
  return written.map((field) => `${field.labels[0].innerText}\n${spoken(field).trim()}`).join("\n\n");
}

for (const button of document.querySelectorAll("[data-copy-form]")) {
  const told = button.parentElement.querySelector("[role=status]");
  button.addEventListener("click", async () => {
    const words = typedInto(document.getElementById(button.dataset.copyForm));
    try {
      await navigator.clipboard.writeText(words);
      told.textContent = "Copied.";
    } catch {
      told.textContent = "This browser does not let the desk copy. Select your text in the form and copy it there.";
    }
  });
}

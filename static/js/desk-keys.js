// Ctrl+S (or Cmd+S) saves the form, as in every editor.
const form = document.querySelector("[data-keys]");

document.addEventListener("keydown", (event) => {
  if (form && event.key === "s" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(document.querySelector('[name="then"][value="save"]'));
  }
});

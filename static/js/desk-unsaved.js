// Asks before unsaved words are left behind by another way than the form's own buttons.
const form = document.querySelector("[data-unsaved]");

if (form) {
  // What was refused is not saved either.
  let unsaved = document.querySelector("[data-focus]") !== null;
  const change = () => { unsaved = true; };
  form.addEventListener("input", change);
  form.addEventListener("trix-initialize", () => form.addEventListener("trix-change", change));
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
}

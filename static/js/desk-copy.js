// Copies words that are shown only once.
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

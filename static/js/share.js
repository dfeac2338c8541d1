// The device's own share sheet and a copied link, where the browser has them; nobody is told.
const box = document.querySelector("[data-share]");
const url = document.querySelector('meta[property="og:url"]')?.content ?? location.href;
const native = box?.querySelector("[data-share-native]");
const copy = box?.querySelector("[data-share-copy]");

if (native && navigator.share) {
  native.hidden = false;
  // A closed share sheet is no error.
  native.addEventListener("click", () => navigator.share({ title: document.title, url }).catch(() => {}));
}
if (copy && navigator.clipboard) {
  const button = copy.querySelector("button");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(url).then(() => true, () => false);
    button.textContent = done ? "Link copied" : "Copying was refused";
    box.querySelector("[data-share-status]").textContent = button.textContent;
    setTimeout(() => (button.textContent = "Copy link"), 2500);
  });
}

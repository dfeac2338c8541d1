// Names what is ticked in a folded group.
for (const group of document.querySelectorAll("[data-chosen]")) {
  group.addEventListener("change", () => {
    const ticked = [...group.querySelectorAll("input:checked")];
    const names = ticked.map((box) => box.labels[0].textContent.trim());
    group.querySelector(".group__chosen").textContent = names.join(", ");
  });
}

// Ticks many rows at once: all on the page, or with Shift those from one click to the next.
const form = document.querySelector("[data-batch]");

if (form) {
  const all = form.querySelector("[data-batch-all]");
  const count = form.querySelector("[data-batch-count]");
  const boxes = [...document.querySelectorAll(`input[name="story"][form="${form.id}"]`)];
  let last = null;

  function tell() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = ticked ? `${ticked} ticked` : "";
  }

  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const [number, box] of boxes.entries()) {
    box.addEventListener("click", ({ shiftKey }) => {
      if (shiftKey && last !== null) {
        const [from, to] = [last, number].sort((a, b) => a - b);
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = number;
      tell();
    });
  }
  addEventListener("pageshow", tell); // a page that comes back has its ticks
}

// A hundred take a while: it says what it is at.
const doing = document.querySelector("[data-batch-do]");
doing?.addEventListener("submit", () => {
  document.querySelector("[data-batch-said]").textContent = doing.dataset.batchDo;
});

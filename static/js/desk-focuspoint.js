// A click in the picture says where the eye falls; the crops follow at once.
const picker = document.querySelector("[data-focus-picker]");
const crops = document.querySelectorAll("[data-crops] img");
const [x, y] = ["focus_x", "focus_y"].map((name) => document.querySelector(`[name="${name}"]`));
const point = document.createElement("span");
point.className = "focus__point";

function show() {
  const place = [x.value || 50, y.value || 50].map((value) => `${Math.min(100, Math.max(0, value))}%`);
  for (const crop of crops) crop.style.objectPosition = place.join(" ");
  [point.style.left, point.style.top] = place;
}

if (picker) {
  picker.append(point);
  picker.addEventListener("click", (event) => {
    const box = picker.getBoundingClientRect();
    x.value = Math.round(((event.clientX - box.left) / box.width) * 100);
    y.value = Math.round(((event.clientY - box.top) / box.height) * 100);
    for (const field of [x, y]) field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const field of [x, y]) field.addEventListener("input", show);
  show();
}

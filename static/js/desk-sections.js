// Sections by typing: what is found is ticked with Enter; what is chosen stands above, to be removed.
const field = document.querySelector("#sections");
const boxes = [...field.querySelectorAll('[name="sections"]')];
const finder = field.querySelector("[data-finder]");
const [input, list, chips] = [finder.querySelector("input"), finder.querySelector("[role=listbox]"), field.querySelector("[data-chips]")];
const MOST = 8;
let marked = -1;

const nameOf = (box) => box.labels[0].textContent.trim();
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function choose(box, chosen) {
  box.checked = chosen;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function found() {
  const wanted = plain(input.value.trim());
  if (!wanted) return [];
  const fitting = boxes.filter((box) => !box.checked && plain(nameOf(box)).split(/[\s-]+/).some((word, n, words) => words.slice(n).join(" ").startsWith(wanted)));
  return fitting.sort((a, b) => plain(nameOf(b)).startsWith(wanted) - plain(nameOf(a)).startsWith(wanted)).slice(0, MOST);
}

function draw(fitting = found()) {
  marked = fitting.length ? Math.max(0, Math.min(marked, fitting.length - 1)) : -1;
  list.replaceChildren(...fitting.map((box, n) => {
    const line = document.createElement("li");
    Object.assign(line, { id: `found-${n}`, role: "option", textContent: nameOf(box) });
    line.setAttribute("aria-selected", n === marked);
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(box); });
    return line;
  }));
  list.hidden = !fitting.length;
  input.setAttribute("aria-expanded", !list.hidden);
  if (marked < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", `found-${marked}`);
}

function take(box) {
  choose(box, true);
  input.value = "";
  marked = -1;
  draw();
}

function drawChips() {
  chips.replaceChildren(...boxes.filter((box) => box.checked).map((box) => {
    const chip = document.createElement("li");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "chip", textContent: nameOf(box) });
    button.setAttribute("aria-label", `Remove ${nameOf(box)}`);
    button.addEventListener("click", () => { choose(box, false); input.focus(); });
    chip.append(button);
    return chip;
  }));
}

input.addEventListener("input", (event) => { event.stopPropagation(); marked = 0; draw(); });
input.addEventListener("keydown", (event) => {
  const fitting = found();
  if (event.key === "Enter") {
    event.preventDefault(); // the form is not sent from here
    if (fitting[marked]) take(fitting[marked]);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    marked += event.key === "ArrowDown" ? 1 : -1;
    draw(fitting);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    input.value = "";
    draw();
  }
});
input.addEventListener("blur", () => { list.hidden = true; input.setAttribute("aria-expanded", false); });
input.addEventListener("focus", () => draw());
field.addEventListener("change", drawChips);
// What the text suggests comes with each answer of the desk.
field.addEventListener("click", (event) => {
  const wanted = event.target.closest("[data-section]");
  const box = wanted && boxes.find((each) => each.value === wanted.dataset.section);
  if (box) { choose(box, true); wanted.remove(); input.focus(); }
});

finder.hidden = false;
drawChips();

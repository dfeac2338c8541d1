// How the story looks in a search and when it is shared, while it is written.
const looks = document.querySelector("[data-looks]");
const form = document.querySelector("[data-keep]");
const picture = looks.querySelector("[data-look-photo]");

function draw() {
  for (const part of looks.querySelectorAll("[data-look]")) {
    part.textContent = part.dataset.look.split(" ").map((name) => form.elements[name].value.trim()).find(Boolean) ?? "";
  }
  const chosen = form.querySelector('[name="photo"]:checked')?.closest("label")?.querySelector("img");
  picture.hidden = !chosen;
  if (chosen) picture.src = chosen.src;
}

looks.addEventListener("toggle", draw);
form.addEventListener("input", draw);
form.addEventListener("change", draw);
draw();

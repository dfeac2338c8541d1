// Counts the characters of a field; says when it is longer than screens show.
for (const field of document.querySelectorAll("[data-counter]")) {
  const limit = Number(field.dataset.counter);
  const line = document.createElement("p");
  line.className = "field__count";
  field.after(line);
  const count = () => {
    const length = [...field.value.trim()].length;
    line.textContent = length > limit ? `${length} characters: ${length - limit} will be cut off` : `${length} of ${limit} characters`;
    line.classList.toggle("field__count--over", length > limit);
  };
  field.addEventListener("input", count);
  count();
}

// A gallery's buttons and keys; without this its row scrolls like any other.
function button(name, label, path) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `gallery__step gallery__step--${name}`;
  made.setAttribute("aria-label", label);
  made.innerHTML = `<svg class="icon" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true"><path d="${path}"/></svg>`;
  return made;
}

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const row = gallery.querySelector("[data-gallery-row]");
  const count = gallery.querySelector("[data-gallery-count]");
  const items = [...row.children];
  const steps = [button("previous", "Previous picture", "M10.5 2.5 5 8l5.5 5.5"), button("next", "Next picture", "M5.5 2.5 11 8l-5.5 5.5")];
  let at = 0;

  function show(number) {
    at = number;
    count.textContent = `${at + 1} of ${items.length}`;
    // Not disabled: the focus stays where it is.
    steps[0].setAttribute("aria-disabled", at === 0);
    steps[1].setAttribute("aria-disabled", at === items.length - 1);
  }

  function go(by) {
    const to = Math.min(items.length - 1, Math.max(0, at + by));
    row.scrollBy({ left: items[to].getBoundingClientRect().left - row.getBoundingClientRect().left });
  }

  steps.forEach((step, number) => step.addEventListener("click", () => go(number ? 1 : -1)));
  gallery.querySelector("[data-gallery-bar]").append(...steps);
  row.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(row).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const ways = { ArrowLeft: -1, ArrowRight: -1, [forward]: 1, Home: -items.length, End: items.length };
    if (!(event.key in ways) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(ways[event.key]);
  });
  // Swiped, stepped or scrolled: what is seen is what counts.
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) show(items.indexOf(target));
  }, { root: row, threshold: 0.6 });
  for (const item of items) watch.observe(item);
  show(0);
}

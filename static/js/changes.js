// Stories in an open list that were changed or taken down: the headline is put right where it
// stands; what is gone leaves a line that says so and leads nowhere, so that nothing jumps.
function setRight(link, headline) {
  // A picture leads where its headline leads, but says nothing.
  if (link.matches("[aria-hidden]")) return;
  const words = link.lastChild;
  if (words?.nodeType === Node.TEXT_NODE && words.data.trim() !== headline) words.data = headline;
}

function tell(change) {
  const address = change.dataset.of;
  const gone = "gone" in change.dataset;
  for (const link of document.querySelectorAll(`main :is(a[href="${address}"], a[data-was="${address}"])`)) {
    if (gone) {
      link.dataset.was = address;
      link.removeAttribute("href");
    } else {
      link.href = address;
      delete link.dataset.was;
    }
    setRight(link, gone ? "Taken down" : change.textContent);
    link.closest("li, article")?.classList.toggle("gone", gone);
  }
}

document.addEventListener("htmx:after:swap", () => {
  for (const change of document.querySelectorAll("[data-changes] > *")) tell(change);
});

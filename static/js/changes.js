// Stories in an open list that were changed or taken down: the headline is put right where it
// stands; what is gone stays as a line that says so and leads nowhere, so that nothing jumps.
function setRight(link, headline) {
  const words = link.lastChild;
  if (words?.nodeType === Node.TEXT_NODE && words.data.trim() !== headline) words.data = headline;
}

function tell(change) {
  const address = change.dataset.of;
  const gone = "gone" in change.dataset;
  for (const link of document.querySelectorAll(`main :is(a[href="${address}"], a[data-was="${address}"])`)) {
    // A picture leads where its headline leads, and shows what was taken down.
    if (gone) {
      link.dataset.was = address;
      link.removeAttribute("href");
    } else {
      link.href = address;
      delete link.dataset.was;
      setRight(link, change.textContent);
    }
    link.closest("li, article")?.classList.toggle("gone", gone);
  }
}

document.addEventListener("htmx:after:swap", () => {
  for (const change of document.querySelectorAll("[data-changes] > *")) tell(change);
});

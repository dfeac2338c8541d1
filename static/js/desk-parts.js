// What the desk answers comes in parts; each goes where the page has its place, if it says else.
export function place(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  for (const part of page.querySelectorAll("[data-part]")) {
    const there = document.querySelector(`[data-${part.dataset.part}]`);
    if (there && there.innerHTML.trim() !== part.innerHTML.trim()) there.innerHTML = part.innerHTML;
  }
  return page;
}

// The chooser of a lead photo or a still picture: a search in it, and the name of what is chosen over it.
const group = document.querySelector("[data-photos]");

if (group) {
  const choices = group.querySelector("[data-choices]");
  const search = group.querySelector("[data-search] input") ?? document.createElement("input");
  search.type = "search";
  search.placeholder = "Search pictures";
  search.setAttribute("aria-label", "Search pictures");
  if (!search.isConnected) choices.before(search);
  group.querySelector("[data-search-press]")?.remove(); // it finds while one types

  let timer;
  search.addEventListener("input", (event) => {
    event.stopPropagation(); // what is searched for is not written
    clearTimeout(timer);
    timer = setTimeout(find, 300);
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });

  async function find() {
    const answer = await fetch(`${group.dataset.photos}&words=${encodeURIComponent(search.value)}`).catch(() => null);
    if (!answer?.ok) return;
    const chosen = choices.querySelector("input:checked").closest("li");
    const none = choices.querySelector("[value='0']").closest("li");
    choices.innerHTML = await answer.text();
    choices.querySelector(`[value="${chosen.querySelector("input").value}"]`)?.closest("li").remove();
    choices.prepend(...new Set([none, chosen]));
  }

  choices.addEventListener("change", () => {
    const label = choices.querySelector("input:checked").closest("label");
    const none = label.querySelector("input").value === "0";
    group.querySelector(".group__name").textContent = none ? "None" : "Chosen";
    group.querySelector(".group__chosen").textContent = none ? "" : label.textContent.trim();
  });
}

// Has the desk ask whether the addresses in the story answer, once they have stood for a while.
const PAUSE = 2500;
const form = document.querySelector("[data-keep]");
const list = document.querySelector("[data-links]");
let [asked, timer] = ["", 0];

function addresses() {
  const page = new DOMParser().parseFromString(form.elements.body.value, "text/html");
  const found = [...page.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));
  return [...new Set([...found, form.elements.source_url.value.trim()])].filter((url) => /^https?:/i.test(url));
}

async function ask() {
  const urls = addresses();
  if (urls.join("\n") === asked) return;
  asked = urls.join("\n");
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  for (const url of urls) body.append("url", url);
  const answer = urls.length ? await fetch(list.dataset.links, { method: "POST", body }).catch(() => null) : null;
  const said = answer?.ok ? await answer.text() : "";
  if (urls.join("\n") === asked) list.innerHTML = said;
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

form.addEventListener("input", soon);
form.addEventListener("trix-change", soon);
soon();

// Small forms keep what is typed in this browser until it went through: a page that is closed, a
// session that has ended or a desk that is away loses none of it.
const PREFIX = "draft ";
const person = document.body.dataset.person;
const forms = [...document.querySelectorAll("form[data-draft]")];
const fields = (form) => [...form.querySelectorAll('textarea, select, input:not([type="hidden"])')];
const key = (form) => `${PREFIX}${person} ${new URL(form.action).pathname}`;

// Private windows may refuse storage; then the page alone has what is typed.
function stored(work) {
  try { return work(); } catch { return null; }
}

function keep(form) {
  const typed = fields(form).map((field) => [field.name, field.value]);
  stored(() => localStorage.setItem(key(form), JSON.stringify(typed)));
}

function bringBack(form) {
  const typed = stored(() => JSON.parse(localStorage.getItem(key(form)))) ?? [];
  const blank = fields(form).every((field) => field.matches("select") || !field.value);
  if (!blank) return;
  for (const [name, value] of typed) {
    const field = form.elements[name];
    if (field && value) field.value = value;
  }
}

// What was sent and led to a page that says so needs no keeping any more.
const sent = stored(() => sessionStorage.getItem("sent"));
if (sent && document.querySelector(".note[role=status]:not(.note--wrong)")) {
  stored(() => { localStorage.removeItem(sent); sessionStorage.removeItem("sent"); });
}
for (const form of forms) {
  bringBack(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("submit", () => { keep(form); stored(() => sessionStorage.setItem("sent", key(form))); });
}

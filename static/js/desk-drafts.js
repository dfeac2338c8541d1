// Small forms keep what is typed in this browser until it went through: a page that is closed, a
// session that has ended or a desk that is away loses none of it.
const PREFIX = "draft ";
const OLD = 30 * 86400e3;
const person = document.body.dataset.person;
const WORDS = 'textarea, select, input:not([type="hidden"], [type="search"], [type="file"], [type="password"])';
const forms = [...document.querySelectorAll("form[data-draft]")];
const key = (form) => `${PREFIX}${person} ${new URL(form.action).pathname}`;
const here = () => location.href.replace(/#.*/, "");

// Private windows may refuse storage; then the page alone has what is typed.
function stored(work) {
  try { return work(); } catch { return null; }
}

function draftOf(form) {
  const found = stored(() => JSON.parse(localStorage.getItem(key(form))));
  return found?.typed && Date.now() - found.at < OLD ? found : { typed: {}, at: 0 };
}

// What a form says, by name; several buttons of one name say one thing.
function said(form) {
  const fields = [...form.elements].filter((field) => field.name && field.matches(WORDS));
  return new Map(fields.map(({ name }) => {
    const field = form.elements.namedItem(name);
    return [name, field.type === "checkbox" ? String(field.checked) : field.value];
  }));
}

function say(form, name, value) {
  const field = form.elements.namedItem(name);
  if (!field) return;
  if (field.type === "checkbox") field.checked = value === "true";
  else field.value = value;
  (field.length && !field.options ? field[0] : field).dispatchEvent(new Event("input", { bubbles: true }));
}

// What was changed here, and what stood in the draft already: nothing leaves it before it is saved.
function keep(form, given) {
  const { typed } = draftOf(form);
  const changed = [...said(form)].filter(([name, value]) => name in typed || value !== given.get(name));
  if (!changed.length) return;
  stored(() => localStorage.setItem(key(form), JSON.stringify({ typed: Object.fromEntries(changed), at: Date.now() })));
}

// A blank form just has it again; where something stands already, it is said which words these are.
function bringBack(form, given) {
  const { typed, at } = draftOf(form);
  const other = Object.entries(typed).filter(([name, value]) => given.has(name) && given.get(name) !== value);
  const choices = [...form.elements].filter((field) => field.matches("select, [type='radio'], [type='checkbox']")).map(({ name }) => name);
  const blank = [...given].every(([name, value]) => !value || choices.includes(name));
  for (const [name, value] of other) say(form, name, value);
  if (other.length && !blank) form.before(offer(form, at, given));
}

function offer(form, at, given) {
  const [note, words, ways, discard] = ["section", "p", "p", "button"].map((tag) => document.createElement(tag));
  note.className = "note note--unsaved";
  note.setAttribute("role", "status");
  const time = new Date(at).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  words.textContent = `What you typed here on ${time} and did not save is in the form again.`;
  ways.className = "note__ways";
  discard.type = "button";
  discard.className = "button";
  discard.textContent = "Discard it";
  discard.addEventListener("click", () => {
    for (const [name, value] of given) say(form, name, value);
    stored(() => localStorage.removeItem(key(form)));
    note.remove();
    [...form.elements].find((field) => field.matches(WORDS)).focus();
  });
  ways.append(discard);
  note.append(words, ways);
  return note;
}

// What was sent from the page before this one and led here, to words that say so, is kept no longer.
const sent = stored(() => JSON.parse(sessionStorage.getItem("sent")));
if (person) stored(() => sessionStorage.removeItem("sent"));
if (sent?.from === document.referrer && document.querySelector(".note[role=status]:not(.note--wrong)")) {
  stored(() => localStorage.removeItem(sent.key));
}
for (const form of forms) {
  const given = said(form);
  let leaving = false;
  const change = () => { leaving = false; keep(form, given); };
  bringBack(form, given);
  form.addEventListener("input", change);
  form.addEventListener("change", change);
  // What the browser filled in by itself tells of no input.
  addEventListener("pagehide", () => { if (!leaving) keep(form, given); });
  form.addEventListener("submit", () => {
    keep(form, given);
    leaving = true;
    stored(() => sessionStorage.setItem("sent", JSON.stringify({ key: key(form), from: here() })));
  });
}

// The keyboard shortcuts, as the panel's table tells them; never while somebody types in a field.
const panel = document.querySelector("[data-shortcuts]");
const on = panel?.querySelector("[data-shortcuts-on]");
const OFF = "shortcuts off";
const PAUSE = 1500; // ms in which the second key of two must follow
const TYPED = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable], trix-editor";
const table = [...(panel?.querySelectorAll("[data-shortcut]") ?? [])].map(({ dataset }) => ({ keys: dataset.shortcut, does: dataset.does, to: dataset.to }));
let [first, until] = ["", 0];

// Private windows may refuse storage; then they are on.
function stored(work) {
  try { return work(localStorage); } catch { return null; }
}

const rows = () => [...document.querySelectorAll(".rows > .row:not([hidden])")];
const row = () => document.activeElement.closest(".rows > .row");

function step(by) {
  const all = rows();
  const next = row() ? all[all.indexOf(row()) + by] : all[by > 0 ? 0 : all.length - 1];
  next?.querySelector("a[href]")?.focus();
  next?.scrollIntoView({ block: "center" });
  return Boolean(next);
}

function press(button) {
  button?.click();
  return Boolean(button);
}

function save(form) {
  if (!form) return false;
  form.requestSubmit(document.querySelector(`[form="${form.id}"][name="then"][value="save"]`));
  return true;
}

function focus(field) {
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

const deeds = {
  go: (address) => { location.assign(address); return true; },
  focus: (selector) => focus(document.querySelector(selector)),
  press: (selector) => press(document.querySelector(selector)),
  save: (selector) => save(document.querySelector(selector)),
  next: () => step(1),
  previous: () => step(-1),
  open: () => press(row()?.querySelector("a[href]")),
  row: (selector) => press(row()?.querySelector(selector)),
  tick: () => press(row()?.querySelector("input[type=checkbox]")),
  help: () => { if (panel.open) panel.close(); else panel.showModal(); return true; },
};

function act(keys, event) {
  const found = table.find((one) => one.keys === keys);
  if (found && deeds[found.does](found.to)) event.preventDefault();
  return Boolean(found);
}

function single(event) {
  const both = performance.now() < until ? `${first} ${event.key}` : event.key;
  [first, until] = ["", 0];
  if (act(both, event)) return;
  if (!table.some(({ keys }) => keys.startsWith(`${event.key} `))) return;
  [first, until] = [event.key, performance.now() + PAUSE];
}

document.addEventListener("keydown", (event) => {
  const other = document.querySelector("dialog[open]:not([data-shortcuts])");
  if (!panel || other || event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    if (!event.shiftKey && !panel.open) act(`ctrl+${event.key.toLowerCase()}`, event);
  } else if (event.key === "Escape" && event.target.matches?.(".break :is(input, select)")) {
    event.target.blur();
  } else if (on.checked && !event.target.closest?.(TYPED) && (!panel.open || event.key === "?")) {
    single(event);
  }
});

// What each does is also told where it is done; only while it does it.
const caps = (keys) => (keys.startsWith("ctrl+") ? ["Control", "Meta"].map((held) => `${held}+${keys.slice(5)}`).join(" ") : keys);

function tell() {
  for (const { keys, does, to } of table) {
    const held = keys.startsWith("ctrl+");
    const shown = held || on.checked;
    const selector = { go: `:is(.nouns, .break, .work__actions) a[href="${to}"]`, save: '[name="then"][value="save"]' }[does] ?? to;
    for (const control of selector ? document.querySelectorAll(selector) : []) {
      control.title = shown ? `${keys.replace("ctrl+", "Ctrl or ⌘ + ")}` : "";
      // Two keys, one after the other, have no name in ARIA.
      if (shown && !keys.includes(" ")) control.setAttribute("aria-keyshortcuts", caps(keys));
      else control.removeAttribute("aria-keyshortcuts");
    }
  }
}

if (panel) {
  const opener = document.querySelector("[data-shortcuts-open]");
  opener.hidden = false;
  opener.addEventListener("click", () => panel.showModal());
  on.checked = stored((storage) => storage.getItem(OFF)) !== "1";
  on.addEventListener("change", () => {
    stored((storage) => (on.checked ? storage.removeItem(OFF) : storage.setItem(OFF, "1")));
    tell();
  });
  tell();
  document.addEventListener("desk:drawn", tell);
}

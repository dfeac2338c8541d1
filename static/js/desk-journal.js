// The journal: what is typed and not yet at the desk, in this browser, a form an entry. What a
// closed window left in it is sent on by the next page of the desk that the same person opens.
const PREFIX = "typed ";
const OLD = 30 * 86400e3;

// Private windows may refuse storage, and it may be full; then the desk alone keeps what is typed.
function stored(work) {
  try { return work(localStorage); } catch { return null; }
}

// Whether it is kept.
export const note = (address, entry) => stored((storage) => {
  storage.setItem(PREFIX + address, JSON.stringify({ ...entry, at: Date.now() }));
  return true;
}) === true;
export const forget = (address) => stored((storage) => storage.removeItem(PREFIX + address));

function entries() {
  const keys = stored((storage) => Object.keys(storage)) ?? [];
  return keys.filter((key) => key.startsWith(PREFIX)).map((key) => {
    const text = localStorage.getItem(key);
    return { key, text, address: key.slice(PREFIX.length), ...JSON.parse(text) };
  });
}

async function deliver(entry) {
  const fields = new FormData();
  for (const [name, value] of entry.fields) fields.append(name, value);
  fields.set("csrf_token", document.querySelector("[name=csrf_token]").value);
  const answer = await fetch(entry.address, { method: "POST", body: fields });
  // It may have been written on meanwhile, by the window that it belongs to.
  if (answer.ok && localStorage.getItem(entry.key) === entry.text) localStorage.removeItem(entry.key);
  return answer.ok;
}

// Sends what closed windows left; then shows what there is to restore.
export async function catchUp(own = "") {
  const person = document.body.dataset.person;
  const left = entries().filter((entry) => entry.address !== own);
  for (const { key } of left.filter((entry) => Date.now() - entry.at > OLD)) localStorage.removeItem(key);
  const mine = left.filter((entry) => entry.person === person);
  const sent = await Promise.all(mine.map((entry) => deliver(entry).catch(() => false)));
  const place = document.querySelector("[data-unsaved]");
  if (!place || !sent.includes(true)) return;
  const shown = await fetch(place.dataset.unsaved);
  if (shown.ok) place.outerHTML = await shown.text();
}

if (!document.querySelector("[data-keep]")) catchUp().catch(() => {});

// Words times for the reader's own clock; the server's bytes are the same for everyone.
const format = (options) => new Intl.DateTimeFormat("en-GB", options);
const clock = format({ hour: "2-digit", minute: "2-digit" });
const day = format({ day: "numeric", month: "short" });
const dayOfYear = format({ day: "numeric", month: "short", year: "numeric" });
const full = format({ dateStyle: "long", timeStyle: "short" });

const dated = (at) =>
  (at.getFullYear() === new Date().getFullYear() ? day : dayOfYear).format(at);
const today = (at) => at.toDateString() === new Date().toDateString();
const clockOrDay = (at) => (today(at) ? clock.format(at) : dated(at));
const clockOfDay = (at) => (today(at) ? "" : `${dated(at)}, `) + clock.format(at);

function ago(at) {
  // A reader's clock may be behind: no story is "in 3 minutes".
  const minutes = Math.max(0, Math.floor((Date.now() - at) / 60000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return dated(at);
}

function timeIn(timeZone, at = new Date()) {
  return format({ hour: "2-digit", minute: "2-digit", timeZone }).format(at);
}

const cityOf = (zone) =>
  ({ "Asia/Kolkata": "Delhi" })[zone] ?? zone.split("/").pop().replaceAll("_", " ");

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

export function wordTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const { clock: kind } = time.dataset;
    const word = "ago" in time.dataset ? ago
      : kind === "day" ? clockOfDay : kind === "" ? clockOrDay : full.format;
    write(time, word(at));
    time.title ||= full.format(at);
  }
  for (const place of document.querySelectorAll("[data-zone]")) {
    const { zone, city } = place.dataset;
    write(place, timeIn(zone) + (city === undefined ? "" : ` in ${cityOf(zone)}`));
  }
  for (const place of document.querySelectorAll("[data-there]")) {
    const at = new Date(place.dataset.at);
    const there = timeIn(place.dataset.there, at);
    write(place, there === clock.format(at) ? "" : `(${there} in ${cityOf(place.dataset.there)})`);
  }
}

wordTimes();
setInterval(wordTimes, 20000);
document.addEventListener("htmx:after:swap", wordTimes);

// Tells listeners politely, at most once a minute, so that a busy day does not talk over the reader.
const REST = 60000;
const place = document.querySelector("[data-announce]");
let last = -REST;
let timer;

export function announce(words) {
  if (!place || !words) return;
  clearTimeout(timer);
  const say = () => {
    last = performance.now();
    place.textContent = words;
  };
  // What is told late is the latest alone.
  timer = setTimeout(say, Math.max(0, last + REST - performance.now()));
}

// Pictures in a text: what the desk keeps, <figure data-photos="12 15"></figure>, and what the
// editor shows of it. It takes no <img>, because the editor drops its alternative text.
const KIND = "application/vnd.asian-news.pictures";
const KEPT = /<figure data-photos="([0-9 ]+)"><\/figure>/g;
const SHOWN = /<figure\b((?:[^>"]|"[^"]*")*)>[^]*?<\/figure>/g;
const known = new Map(); // number → { address, words }

// Learns from choices what pictures look like.
export function learn(choices) {
  for (const field of choices.querySelectorAll("input[value]")) {
    const choice = field.closest("label");
    known.set(field.value, { address: choice.querySelector("img").getAttribute("src"), words: choice.querySelector(".choice__words").textContent.replace(/\.$/, "") });
  }
}

function plate(number) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const image = document.createElementNS(svg.namespaceURI, "image");
  for (const part of [svg, image]) {
    part.setAttribute("width", "120");
    part.setAttribute("height", "80");
  }
  image.setAttribute("href", known.get(number)?.address ?? "");
  svg.append(image);
  return svg;
}

function words(text, name) {
  const line = document.createElement("span");
  line.className = name;
  line.textContent = text;
  return line;
}

// What the editor keeps of a figure and shows in its place.
export function figure(numbers) {
  const names = numbers.map((number) => known.get(number)?.words ?? `Picture ${number}, which is not in the library`);
  const shown = document.createElement("div");
  shown.append(words(numbers.length > 1 ? `Gallery of ${numbers.length}: ` : "Picture: ", "figure__kind"), words(names.join("; "), "figure__words"));
  const plates = words("", "figure__plates");
  plates.append(...numbers.filter((number) => known.has(number)).map(plate));
  shown.prepend(plates);
  return { contentType: KIND, photos: numbers.join(" "), content: shown.innerHTML };
}

export const numbersOf = (attachment) => attachment.getAttribute("photos")?.split(" ") ?? [];
export const ours = (attachment) => attachment.getContentType() === KIND;

function quoted(text) {
  const line = document.createElement("i");
  line.setAttribute("title", text);
  return line.outerHTML.slice(10, -6); // between the quotes of <i title="…"></i>
}

export const toEditor = (markup) => markup.replace(KEPT, (_, numbers) => {
  const shown = figure(numbers.split(" "));
  return `<figure data-trix-attachment="${quoted(JSON.stringify(shown))}"></figure>`;
});
export const toDesk = (markup) => markup.replace(SHOWN, (_, attributes) => {
  const found = attributes.match(/&quot;photos&quot;:&quot;([0-9 ]+)&quot;/);
  return found ? `<figure data-photos="${found[1]}"></figure>` : "";
});

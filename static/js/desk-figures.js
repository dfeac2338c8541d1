// Pictures and videos in a text: what the desk keeps, <figure data-photos="12 15"></figure>, and what
// the editor shows of it. It takes no <img>, because the editor drops its alternative text.
const TYPE = "application/vnd.asian-news.";
const KEPT = /<figure data-(photos|video)="([0-9 ]+)"><\/figure>/g;
const SHOWN = /<figure\b((?:[^>"]|"[^"]*")*)>[^]*?<\/figure>/g;
const known = { photos: new Map(), video: new Map() }; // number → { still, words }

// Learns from choices what pictures and videos look like.
export function learn(choices) {
  for (const field of choices.querySelectorAll("input[value]")) {
    const choice = field.closest("label");
    known.photos.set(field.value, { still: choice.querySelector("img").getAttribute("src"), words: choice.querySelector(".choice__words").textContent.replace(/\.$/, "") });
  }
  for (const { dataset, textContent } of choices.querySelectorAll("[data-video]")) {
    known.video.set(dataset.video, { still: dataset.still, words: textContent });
  }
}

function plate(still) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const image = document.createElementNS(svg.namespaceURI, "image");
  for (const part of [svg, image]) {
    part.setAttribute("width", "120");
    part.setAttribute("height", "80");
  }
  image.setAttribute("href", still);
  svg.append(image);
  return svg;
}

function words(text, name) {
  const line = document.createElement("span");
  line.className = name;
  line.textContent = text;
  return line;
}

// What the editor keeps of a figure and shows in its place; `kind` is photos or video.
export function figure(numbers, kind = "photos") {
  const found = numbers.map((number) => known[kind].get(number) ?? { words: `number ${number}, which is not in the library` });
  const called = kind === "video" ? "Video" : numbers.length > 1 ? `Gallery of ${numbers.length}` : "Picture";
  const shown = document.createElement("div");
  const plates = words("", "figure__plates");
  plates.append(...found.filter(({ still }) => still).map(({ still }) => plate(still)));
  shown.append(plates, words(`${called}: `, "figure__kind"), words(found.map((one) => one.words).join("; "), "figure__words"));
  return { contentType: TYPE + kind, numbers: numbers.join(" "), content: shown.innerHTML };
}

export const ours = (attachment) => attachment.getContentType()?.startsWith(TYPE);
export const photosOf = (attachment) => attachment.getContentType() === `${TYPE}photos` ? attachment.getAttribute("numbers").split(" ") : [];

function quoted(text) {
  const line = document.createElement("i");
  line.setAttribute("title", text);
  return line.outerHTML.slice(10, -6); // between the quotes of <i title="…"></i>
}

export const toEditor = (markup) => markup.replace(KEPT, (_, kind, numbers) =>
  `<figure data-trix-attachment="${quoted(JSON.stringify(figure(numbers.split(" "), kind)))}"></figure>`);
export const toDesk = (markup) => markup.replace(SHOWN, (_, attributes) => {
  const kind = attributes.match(/&quot;contentType&quot;:&quot;application\/vnd\.asian-news\.(photos|video)&quot;/);
  const numbers = attributes.match(/&quot;numbers&quot;:&quot;([0-9 ]+)&quot;/);
  return kind && numbers ? `<figure data-${kind[1]}="${numbers[1]}"></figure>` : "";
});

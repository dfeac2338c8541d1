// Day and night over Asia now, west to east, cut like an engraving: the darker, the thicker the line.
import { sunHeight } from "./sun.js";

const SVG = "http://www.w3.org/2000/svg";
const LATITUDE = 28;
const LINES = 250;
const WIDTH = 1000;
const STEP = WIDTH / LINES;
// The strip is no map: it is stretched so that its five clocks stand at equal distances.
const LONGITUDES = [35, 55.3, 69.2, 77.2, 103.8, 139.7, 155];
const POSITIONS = [0, 100, 300, 500, 700, 900, 1000];

function longitudeAt(x) {
  const i = POSITIONS.findIndex((position) => position > x);
  const share = (x - POSITIONS[i - 1]) / (POSITIONS[i] - POSITIONS[i - 1]);
  return LONGITUDES[i - 1] + share * (LONGITUDES[i] - LONGITUDES[i - 1]);
}

// White while the sun is up, black once it stands 12 degrees below the horizon.
function darknessAt(x, now) {
  const height = sunHeight(now, LATITUDE, longitudeAt(x));
  return Math.min(1, Math.max(0, (0.05 - height) / 0.26));
}

function engraving(now) {
  let path = "";
  for (let x = STEP / 2; x < WIDTH; x += STEP) {
    const width = STEP * darknessAt(x, now) * 1.02;
    if (width > 0.2) path += `M${(x - width / 2).toFixed(1)} 0h${width.toFixed(1)}v10h-${width.toFixed(1)}z`;
  }
  return path;
}

for (const line of document.querySelectorAll("[data-dayline]")) {
  const svg = document.createElementNS(SVG, "svg");
  const night = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} 10`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.append(night);
  line.prepend(svg);
  const draw = () => night.setAttribute("d", engraving(Date.now()));
  draw();
  setInterval(draw, 300000);
}

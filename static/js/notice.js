// "This story was updated": said once to listeners; readers see it at the head of the story.
import { announce } from "./announce.js";

let said = "";

document.addEventListener("htmx:after:swap", () => {
  const words = document.querySelector("[data-notice]")?.textContent.trim().replace(/\s+/g, " ");
  if (words && words !== said) announce(words);
  said = words;
});

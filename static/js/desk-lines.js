// The ticker's lines can be dragged, too: what is dropped is sent as its buttons would send it.
import Sortable from "../vendor/sortable.esm.js";

const list = document.querySelector("[data-lines]");
const numberOf = (line) => line.id.replace("line-", "");

function dropped({ item, oldIndex, newIndex }) {
  if (newIndex === oldIndex) return;
  const above = newIndex < oldIndex;
  const other = above ? item.nextElementSibling : item.previousElementSibling;
  const form = item.querySelector(".line__order form");
  const field = document.createElement("input");
  field.type = "hidden";
  [field.name, field.value] = [above ? "before" : "after", numberOf(other)];
  form.append(field);
  form.submit(); // not its button, which would name another line
}

if (list?.children.length > 1) {
  Sortable.create(list, { handle: "[data-grip]", animation: 120, onEnd: dropped, delay: 120, delayOnTouchOnly: true });
}

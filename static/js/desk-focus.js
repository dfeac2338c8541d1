// Takes the reader of the screen to what went wrong.
document.querySelector("[data-focus]")?.focus();

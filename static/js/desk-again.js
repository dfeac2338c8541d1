// Signing in again without leaving the page: whoever was signed out while writing goes on.
const dialog = document.querySelector("[data-again]");
// The second step of whoever has one is asked in the same place.
const SECOND = "/desk/login/second";
const show = (second) => {
  for (const field of dialog.querySelectorAll("[data-again-first]")) field.hidden = second;
  dialog.querySelector("[data-again-second]").hidden = !second;
};
const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

function renew(page) {
  const token = page.querySelector("[name=csrf_token]").value;
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
}

// Resolves to whether somebody is signed in again; they are only asked to when `asking`.
export async function signInAgain(asking) {
  const door = dialog.querySelector("form").action;
  const found = await fetch(door);
  const page = await read(found);
  // Signed in already, in another window.
  if (found.redirected && found.ok) { renew(page); return true; }
  return asking && ask(door, page.querySelector("[name=csrf_token]").value);
}

function ask(door, token) {
  return new Promise((resolve) => {
    const form = dialog.querySelector("form");
    const { password, code } = form.elements;
    let [goal, asked] = [door, password];
    show(false);
    const error = dialog.querySelector("[data-again-error]");
    // Trix forgets where somebody was writing once the focus is elsewhere.
    const writing = document.activeElement?.editor;
    const where = writing?.getSelectedRange();
    const done = (signedIn) => {
      password.value = code.value = error.textContent = "";
      dialog.close();
      writing?.setSelectedRange(where);
      resolve(signedIn);
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      error.textContent = "";
      const body = new URLSearchParams(new FormData(form));
      body.set("csrf_token", token);
      body.set("next", "/desk/stories");
      try {
        const answer = await fetch(goal, { method: "POST", body });
        const page = await read(answer);
        const place = new URL(answer.url).pathname;
        if (answer.ok && place === SECOND) {
          [goal, asked, token] = [SECOND, code, page.querySelector("[data-second] [name=csrf_token]").value];
          show(true);
          code.focus();
          return;
        }
        if (answer.ok && answer.url === new URL(door, location.href).href) {
          [goal, asked, token] = [door, password, page.querySelector("[name=csrf_token]").value];
          show(false);
          error.textContent = "That took too long. Sign in again.";
          password.focus();
          return;
        }
        if (answer.ok) { renew(page); done(true); return; }
        error.textContent = page.querySelector(".problems li")?.textContent ?? "That did not work. Try again.";
      } catch {
        error.textContent = "The desk can’t be reached now. Try again in a moment.";
      }
      asked.select();
    };
    dialog.querySelector("[data-again-later]").onclick = () => done(false);
    dialog.oncancel = () => done(false);
    if (!dialog.open) dialog.showModal();
    password.focus();
  });
}

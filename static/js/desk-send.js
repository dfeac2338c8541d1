// Sends one picture to the library; resolves to its number, or says in a sentence why not.
export async function send(address, file, token) {
  const body = new FormData();
  body.set("csrf_token", token);
  body.set("files", file);
  const answer = await fetch(address, { method: "POST", body }).catch(() => null);
  if (!answer) throw new Error("The connection was lost.");
  const number = new URL(answer.url).pathname.match(/\/photos\/(\d+)$/)?.[1];
  if (answer.ok && number) return number;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const why = page.querySelector(".problems li")?.textContent.replace(`${file.name}: `, "");
  throw new Error(why ?? "It did not arrive. Try again.");
}

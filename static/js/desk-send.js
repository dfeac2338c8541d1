// What is sent to the desk from an open page: whoever was signed out meanwhile signs in again there,
// then the same goes through.
import { signInAgain } from "./desk-again.js";

const MOST = 40 * 2 ** 20;
export const TAKEN = "JPEG, PNG, WebP, AVIF, GIF and HEIC, up to 40 MB each";

// Why a file need not be sent at all; nothing when it may be.
export const tooLarge = (file) => file.size > MOST
  ? `It has ${Math.ceil(file.size / 2 ** 20)} MB, more than can be taken. We take ${TAKEN}.` : "";

// 400: the form's token is of a session that has ended.
export const signedOut = (status) => status === 400 || status === 401;
export const token = () => document.querySelector("main [name=csrf_token]").value;

// Posts fields; resolves to the answer, nothing when there was none.
export async function post(address, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const deliver = () => {
    body.set("csrf_token", token());
    return fetch(address, { method: "POST", body }).catch(() => null);
  };
  const answer = await deliver();
  if (answer && !signedOut(answer.status)) return answer;
  // A large file may break off before the desk has said that nobody is signed in.
  return await signInAgain(true).catch(() => false) ? deliver() : answer;
}

// Sends one picture to the library; resolves to its number, or says in a sentence why not.
export async function send(address, file) {
  if (tooLarge(file)) throw new Error(tooLarge(file));
  const answer = await post(address, { files: file });
  if (!answer) throw new Error("The connection was lost.");
  const number = new URL(answer.url).pathname.match(/\/photos\/(\d+)$/)?.[1];
  if (answer.ok && number) return number;
  if (signedOut(answer.status)) throw new Error("You were signed out. Sign in again and send it once more.");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const why = page.querySelector(".problems li")?.textContent.replace(`${file.name}: `, "");
  throw new Error(why ?? "It did not arrive. Try again.");
}

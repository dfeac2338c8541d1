// Passkeys: makes one, or shows one, and sends what the device answered with the form.
const can = window.isSecureContext && window.PublicKeyCredential?.parseCreationOptionsFromJSON;
const CALLED_OFF = "That was called off. Try again when you are ready.";
const ask = {
  make: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  show: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

async function answer(form) {
  const token = form.elements.csrf_token.value;
  const found = await fetch(form.dataset.challenge, { method: "POST", headers: { "X-CSRFToken": token } });
  // Signed out meanwhile, or asked for the password again: the page says so itself.
  if (found.redirected || !found.ok) { location.reload(); return; }
  const credential = await ask[form.dataset.passkey](await found.json());
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!can) break;
  form.hidden = false;
  document.querySelector("[data-passkey-none]")?.remove();
  const error = form.querySelector("[data-passkey-error]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    error.textContent = "";
    answer(form).catch((reason) => {
      error.textContent = reason.name === "InvalidStateError" ? "This device has a passkey for you already." : CALLED_OFF;
    });
  });
}

// Ties the form with data-toegangssleutel to allauth's passkey functions, and says in Dutch when it does not work.
"use strict";
(() => {
  const form = document.querySelector("[data-toegangssleutel]");
  if (!form || !window.PublicKeyCredential) return;

  const without = form.querySelector("[data-zonder-script]");
  if (/^[\d.]+$|^\[/.test(location.hostname)) {
    // A passkey belongs to a name: browsers make none for 127.0.0.1.
    without.textContent = "Een toegangssleutel werkt niet op een adres van cijfers. Open deze pagina op een adres met een naam, op uw eigen computer bijvoorbeeld met localhost.";
    return;
  }

  const button = form.querySelector("#toegangssleutel-knop");
  const failed = form.querySelector("[data-mislukt]");
  const credential = form.querySelector("[name=credential]");
  form.querySelector("[data-met-script]").hidden = false;
  without.hidden = true;

  button.addEventListener("click", () => { failed.hidden = true; });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    failed.hidden = false;
  });
  const ids = { credential: credential.id, data: "js_data", passwordless: "id_passwordless" };
  for (const name of ["add", "authenticate", "login"]) ids[name] = button.id;
  window.allauth.webauthn.forms[form.dataset.toegangssleutel]({ ids });
})();

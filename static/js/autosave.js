// Nothing typed is lost: what is on screen and not yet saved stays on this device, and is sent again when it can be.
// A card is an element with data-kaart that htmx posts by itself; it also listens to "opnieuw". Inside it stand a
// [role=status], fields, a [data-versie] for what was started from, and [data-bewaard] once the server has saved it.
"use strict";
(() => {
  const RETRY_MS = 10000;
  const cards = () => [...document.querySelectorAll("[data-kaart]")];
  const cardOf = (element) => element?.closest?.("[data-kaart]");
  const draftKey = (card) => `agendamonitor ${location.pathname}${location.search} ${card.dataset.kaart}`;
  const statusOf = (card) => card.querySelector("[role=status]");
  const versionsOf = (card) => [...card.querySelectorAll("[data-versie]")];
  const fieldsOf = (card) => [...card.querySelectorAll("textarea[name], input[name]")]
    .filter((field) => field.type !== "hidden" && (field.type !== "radio" || field.checked));

  function storage(action) {
    try { return action(window.localStorage); } catch { return null; } // private windows may refuse storage
  }

  function valuesOf(fields) {
    return Object.fromEntries(fields.map((field) => [field.name, field.value]));
  }

  function keepDraft(card) {
    const draft = { velden: valuesOf(fieldsOf(card)), versies: valuesOf(versionsOf(card)) };
    if (Object.keys(draft.velden).length) storage((store) => store.setItem(draftKey(card), JSON.stringify(draft)));
  }

  function dropDraft(card) {
    storage((store) => store.removeItem(draftKey(card)));
  }

  function restoreDraft(card) {
    const kept = JSON.parse(storage((store) => store.getItem(draftKey(card))) ?? "null");
    const current = valuesOf(fieldsOf(card));
    const differing = Object.keys(kept?.velden ?? {}).filter((name) => name in current && current[name] !== kept.velden[name]);
    if (differing.length === 0) { if (kept) dropDraft(card); return; }
    differing.forEach((name) => {
      card.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => {
        if (field.type === "radio") field.checked = field.value === kept.velden[name];
        else field.value = kept.velden[name];
      });
    });
    // Saved by someone else in between? Then the server shows both.
    versionsOf(card).forEach((version) => { version.value = kept.versies[version.name] ?? version.value; });
    window.htmx.trigger(card, "opnieuw");
  }

  function tellNotSaved(card, words) {
    card.dataset.nietBewaard = "";
    let line = statusOf(card).querySelector(".niet-bewaard");
    if (!line) {
      line = document.createElement("p");
      line.className = "fout niet-bewaard";
      statusOf(card).append(line);
    }
    line.textContent = words;
  }

  function retryUnsaved() {
    cards().filter((card) => "nietBewaard" in card.dataset).forEach((card) => window.htmx.trigger(card, "opnieuw"));
  }

  document.addEventListener("input", (event) => {
    const card = cardOf(event.target);
    if (card) keepDraft(card);
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const card = cardOf(event.detail.elt) ?? cardOf(event.target);
    if (!card || !event.detail.successful) return;
    delete card.dataset.nietBewaard;
    const sent = event.detail.requestConfig.formData;
    const current = card.id ? document.getElementById(card.id) : card;
    if (!current.querySelector("[data-bewaard]")) return;
    const typedOn = fieldsOf(current).some((field) => sent.has(field.name) && sent.get(field.name) !== field.value);
    if (typedOn && card === current) keepDraft(current);
    else dropDraft(current);
  });

  document.body.addEventListener("htmx:sendError", (event) => {
    const card = cardOf(event.detail.elt);
    if (card) tellNotSaved(card, "Geen verbinding. Wat u typte staat nog op dit apparaat en wordt bewaard zodra de verbinding terug is.");
  });

  document.body.addEventListener("htmx:responseError", (event) => {
    const card = cardOf(event.detail.elt);
    if (!card) return;
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) {
      tellNotSaved(card, "Niet bewaard: u bent afgemeld. Wat u typte staat nog op dit apparaat. Meld u in een ander tabblad opnieuw aan en typ dan hier verder.");
    } else {
      tellNotSaved(card, "Niet bewaard: de Agendamonitor gaf geen antwoord. Wat u typte staat nog op dit apparaat; we proberen het vanzelf opnieuw.");
    }
  });

  window.addEventListener("online", retryUnsaved);
  window.setInterval(retryUnsaved, RETRY_MS);
  window.addEventListener("DOMContentLoaded", () => cards().forEach(restoreDraft));
})();

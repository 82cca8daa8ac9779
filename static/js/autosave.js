// Nothing typed is lost: what is on screen and not yet saved stays on this device, and is sent again when it can be.
// A card is an element with an id and data-kaart that htmx posts by itself, and again at "opnieuw". Inside it stand fields,
// a [role=status], a [data-versie] for what the author started from, and [data-bewaard] once the server has saved all of it.
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
  const valuesOf = (fields) => Object.fromEntries(fields.map((field) => [field.name, field.value]));

  function storage(action) {
    try { return action(window.localStorage); } catch { return null; } // private windows may refuse storage
  }

  function keepDraft(card) {
    const draft = { velden: valuesOf(fieldsOf(card)), versies: valuesOf(versionsOf(card)) };
    if (Object.keys(draft.velden).length) storage((store) => store.setItem(draftKey(card), JSON.stringify(draft)));
  }

  // The page that is being asked for now may not know yet of a save that ends now: it sorts out the draft itself.
  let leaving = false;
  window.addEventListener("beforeunload", () => { leaving = true; });
  document.addEventListener("input", () => { leaving = false; }, true); // they stayed after all

  function dropDraft(card) {
    if (leaving) return;
    storage((store) => store.removeItem(draftKey(card)));
  }

  function restoreDraft(card) {
    const kept = JSON.parse(storage((store) => store.getItem(draftKey(card))) ?? "null");
    if (!kept?.velden) return;
    const current = valuesOf(fieldsOf(card));
    const differing = Object.keys(kept.velden).filter((name) => name in current && current[name] !== kept.velden[name]);
    if (differing.length === 0) { dropDraft(card); return; }
    differing.forEach((name) => card.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => {
      if (field.type === "radio") field.checked = field.value === kept.velden[name];
      else field.value = kept.velden[name];
    }));
    // Saved by someone else in between? Then the server shows both.
    versionsOf(card).forEach((version) => { version.value = kept.versies[version.name] ?? version.value; });
    window.htmx.trigger(card, "opnieuw");
  }

  function tell(card, className, words) {
    let line = statusOf(card).querySelector(`p.${className}`);
    if (!line) {
      line = document.createElement("p");
      line.className = className;
      statusOf(card).append(line);
    }
    if (line.textContent !== words) line.textContent = words;
  }

  function tellUnderWay(card) {
    card.dataset.onderweg = "";
    tell(card, "bewaard", "Wordt bewaard …");
  }

  function tellNotSaved(card, words) {
    card.dataset.nietBewaard = "";
    statusOf(card).querySelector("p.bewaard")?.remove();
    tell(card, "fout", words);
  }

  // Who leaves within the second that a save waits for a pause in the typing: send it along on the way out.
  function saveOnTheWayOut(card) {
    const data = new FormData();
    card.querySelectorAll("input[name], textarea[name]").forEach((field) => {
      if (field.type !== "radio" || field.checked) data.append(field.name, field.value);
    });
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    Object.assign(headers, { "HX-Request": "true", "HX-Target": card.getAttribute("hx-target").slice(1) });
    fetch(card.getAttribute("hx-post"), { method: "POST", body: data, headers, keepalive: true }).catch(() => {});
  }

  function retryUnsaved() {
    cards().filter((card) => "nietBewaard" in card.dataset).forEach((card) => window.htmx.trigger(card, "opnieuw"));
  }

  document.addEventListener("input", (event) => {
    const card = cardOf(event.target);
    if (!card) return;
    keepDraft(card);
    if (card.querySelector(".conflict")) card.dataset.onderweg = "";
    else tellUnderWay(card);
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    // While two texts wait for a choice only that choice saves: else leaving the field would take its button away.
    const { elt } = event.detail;
    if (elt.matches("[data-kaart]") && elt.querySelector(".conflict")) event.preventDefault();
  });

  // The choice between two texts comes in under the words that it is about: above the bar at the foot of the window.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    event.detail.target.querySelector(".conflict")?.scrollIntoView({ block: "nearest" });
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const asked = cardOf(event.detail.requestConfig.elt); // no longer on the page when its author took the other text
    if (!asked || !event.detail.successful) return;
    const card = document.getElementById(asked.id);
    delete card.dataset.nietBewaard;
    delete card.dataset.onderweg;
    if (!card.querySelector("[data-bewaard]")) return;
    const sent = event.detail.requestConfig.formData;
    const typedOn = fieldsOf(card).some((field) => sent.has(field.name) && sent.get(field.name) !== field.value);
    if (card !== asked || !typedOn) {
      dropDraft(card);
    } else { // typed on while the save was under way: the next save is
      keepDraft(card);
      tellUnderWay(card);
    }
  });

  window.addEventListener("pagehide", () => cards().filter((card) => "onderweg" in card.dataset).forEach(saveOnTheWayOut));

  document.body.addEventListener("htmx:sendError", (event) => {
    const card = cardOf(event.detail.elt);
    if (card) tellNotSaved(card, "Geen verbinding. Wat u typte staat nog op dit apparaat en wordt bewaard zodra de verbinding terug is.");
  });

  document.body.addEventListener("htmx:responseError", (event) => {
    const card = cardOf(event.detail.elt);
    if (!card) return;
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) {
      tellNotSaved(card, "Niet bewaard: u bent afgemeld. Wat u typte staat nog op dit apparaat. Meld u in een ander tabblad opnieuw aan en laad dan deze pagina opnieuw: het komt terug.");
    } else {
      tellNotSaved(card, "Niet bewaard: de Agendamonitor gaf geen antwoord. Wat u typte staat nog op dit apparaat; we proberen het vanzelf opnieuw.");
    }
  });

  window.addEventListener("online", retryUnsaved);
  window.setInterval(retryUnsaved, RETRY_MS);
  // After htmx's own listener, which makes the cards able to save.
  document.addEventListener("DOMContentLoaded", () => cards().forEach(restoreDraft));
})();

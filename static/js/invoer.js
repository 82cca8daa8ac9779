// Entering scores: keyboard, and nothing lost when the connection or the session is. Saving itself is htmx's.
"use strict";
(() => {
  const root = document.querySelector("[data-invoer]");
  if (!root) return;

  const RETRY_MS = 10000;
  const cards = () => [...root.querySelectorAll("[data-kaart]")];
  const draftKey = (card) => `agendamonitor ${location.pathname}${location.search} ${card.dataset.kaart}`;
  const textOf = (card) => card.querySelector("textarea");
  const chosenOf = (card) => card.querySelector("input[type=radio]:checked");
  const versionOf = (card) => card.querySelector("[data-versie]");
  const statusOf = (card) => card.querySelector("[role=status]");

  function storage(action) {
    try { return action(window.localStorage); } catch { return null; } // private windows may refuse storage
  }

  function keepDraft(card) {
    if (!textOf(card)) return;
    const draft = { waarde: chosenOf(card)?.value ?? "", toelichting: textOf(card).value, versie: versionOf(card).value };
    storage((store) => store.setItem(draftKey(card), JSON.stringify(draft)));
  }

  function dropDraft(card) {
    storage((store) => store.removeItem(draftKey(card)));
  }

  function restoreDraft(card) {
    const kept = storage((store) => store.getItem(draftKey(card)));
    if (!kept || !textOf(card)) return;
    const draft = JSON.parse(kept);
    const differs = draft.toelichting !== textOf(card).value || draft.waarde !== (chosenOf(card)?.value ?? "");
    if (!differs) { dropDraft(card); return; }
    textOf(card).value = draft.toelichting;
    const radio = [...card.querySelectorAll("input[type=radio]")].find((input) => input.value === draft.waarde);
    if (radio) radio.checked = true;
    versionOf(card).value = draft.versie; // saved by someone else in between? Then the server shows both texts.
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

  function tellNotSaved(card, words) {
    card.dataset.nietBewaard = "";
    statusOf(card).querySelector("p.bewaard")?.remove();
    tell(card, "fout", words);
  }

  // Who leaves within the second that a save waits for a pause in the typing: send it along on the way out.
  function saveOnTheWayOut(card) {
    const data = new FormData();
    card.querySelectorAll("input, textarea").forEach((field) => {
      if (field.type !== "radio" || field.checked) data.append(field.name, field.value);
    });
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    Object.assign(headers, { "HX-Request": "true", "HX-Target": `status-${card.dataset.kaart}` });
    fetch(card.getAttribute("hx-post"), { method: "POST", body: data, headers, keepalive: true }).catch(() => {});
  }

  function retryUnsaved() {
    cards().filter((card) => "nietBewaard" in card.dataset).forEach((card) => window.htmx.trigger(card, "opnieuw"));
  }

  const cardOf = (element) => element?.closest?.("[data-kaart]");

  root.addEventListener("input", (event) => {
    const card = cardOf(event.target);
    if (!card) return;
    keepDraft(card);
    card.dataset.onderweg = "";
    if (!card.querySelector(".conflict")) tell(card, "bewaard", "Wordt bewaard …");
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    // While two texts wait for a choice only that choice saves: else leaving the field would take its button away.
    const { elt } = event.detail;
    if (elt.matches("[data-kaart]") && elt.querySelector(".conflict")) event.preventDefault();
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const asked = cardOf(event.detail.requestConfig.elt); // no longer on the page when its author took the other text
    if (!asked || !event.detail.successful) return;
    const card = document.getElementById(asked.id);
    delete card.dataset.nietBewaard;
    delete card.dataset.onderweg;
    if (!card.querySelector("[data-bewaard]")) return;
    const sent = event.detail.requestConfig.formData.get(`${card.dataset.kaart}-toelichting`);
    if (card !== asked || textOf(card)?.value === sent) {
      dropDraft(card);
    } else { // typed on while the save was under way: the next save is
      keepDraft(card);
      card.dataset.onderweg = "";
      tell(card, "bewaard", "Wordt bewaard …");
    }
  });

  window.addEventListener("pagehide", () => cards().filter((card) => "onderweg" in card.dataset).forEach(saveOnTheWayOut));

  document.body.addEventListener("htmx:sendError", (event) => {
    const card = cardOf(event.detail.elt);
    if (card) tellNotSaved(card, "Geen verbinding. Uw tekst staat nog op dit apparaat en wordt bewaard zodra de verbinding terug is.");
  });

  document.body.addEventListener("htmx:responseError", (event) => {
    const card = cardOf(event.detail.elt);
    if (!card) return;
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) {
      tellNotSaved(card, "Niet bewaard: u bent afgemeld. Uw tekst staat nog op dit apparaat. Meld u in een ander tabblad opnieuw aan en laad dan deze pagina opnieuw: uw tekst komt terug.");
    } else {
      tellNotSaved(card, "Niet bewaard: de Agendamonitor gaf geen antwoord. Uw tekst staat nog op dit apparaat; we proberen het vanzelf opnieuw.");
    }
  });

  window.addEventListener("online", retryUnsaved);
  window.setInterval(retryUnsaved, RETRY_MS);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input[type=text], input[type=search]")) return;
    const card = cardOf(document.activeElement);
    if (!card) return; // single keys work only inside a card (WCAG 2.2, 2.1.4)
    if (event.key === "n") {
      event.preventDefault();
      goToNextOpen();
      return;
    }
    const radio = card.querySelector(`input[data-toets="${CSS.escape(event.key)}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    if (!radio.checked) radio.click();
  });

  function goToNextOpen() {
    const open = [...document.querySelectorAll("#voortgang a[data-open]")].map((link) => document.querySelector(link.hash));
    if (open.length === 0) return;
    const here = cards().indexOf(cardOf(document.activeElement));
    const next = open.find((card) => cards().indexOf(card) > here) ?? open[0];
    next.scrollIntoView({ block: "start" });
    (chosenOf(next) ?? next.querySelector("input[type=radio]")).focus({ preventScroll: true });
  }

  // After htmx's own listener, which makes the cards able to save.
  document.addEventListener("DOMContentLoaded", () => cards().forEach(restoreDraft));
})();

// Entering scores by keyboard. Saving itself is htmx's, keeping what is not yet saved is autosave.js's.
"use strict";
(() => {
  const root = document.querySelector("[data-invoer]");
  if (!root) return;

  const cards = () => [...root.querySelectorAll("[data-kaart]")];
  const cardOf = (element) => element?.closest?.("[data-kaart]");
  const chosenOf = (card) => card.querySelector("input[type=radio]:checked");

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
})();

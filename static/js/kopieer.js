// A button that copies its value and says so beside it. Without a script, or where the browser keeps its clipboard, there is none.
"use strict";
if (navigator.clipboard) document.querySelectorAll("[data-kopieer]").forEach((button) => {
  const said = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(button.value);
      said.textContent = "Gekopieerd.";
    } catch {
      said.textContent = "Kopiëren lukte niet. Selecteer het adres en kopieer het zelf.";
    }
  });
});

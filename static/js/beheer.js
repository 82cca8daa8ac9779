// Gives the choosers that select2 puts over a select the name of that select; select2 itself leaves them without one.
"use strict";
(() => {
  function nameOf(select) {
    return select.getAttribute("aria-label") ?? select.labels[0]?.textContent.replace(":", "").trim() ?? "";
  }

  function nameChoosers(root) {
    for (const select of root.querySelectorAll("select.admin-autocomplete")) {
      const chooser = select.nextElementSibling;
      if (!chooser?.classList.contains("select2")) continue;
      for (const part of chooser.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
        part.setAttribute("aria-label", nameOf(select));
      }
    }
  }

  // jQuery calls in the order of asking, and Django's autocomplete.js, which makes the choosers, asked first.
  window.django?.jQuery(() => nameChoosers(document));
  document.addEventListener("formset:added", (event) => nameChoosers(event.target));
  window.django?.jQuery(document).on("select2:open", (event) => {
    document.querySelector(".select2-container--open .select2-search__field").ariaLabel = nameOf(event.target);
  });
})();

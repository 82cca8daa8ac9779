// Reading in a file takes seconds: say so while it lasts.
"use strict";
document.querySelectorAll("[data-inlezen]").forEach((form) => form.addEventListener("submit", () => {
  form.querySelector("[data-bezig]").hidden = false;
}));

/* On the page that says that the database is gone: come back by itself as soon as it answers. */
"use strict";

const BETWEEN_TRIES = 10_000;

async function returnWhenHealthy() {
  const answer = await fetch("/healthz").catch(() => null);
  if (answer?.ok) {
    location.reload();
  } else {
    setTimeout(returnWhenHealthy, BETWEEN_TRIES);
  }
}

document.querySelector("[data-opnieuw]").hidden = false;
setTimeout(returnWhenHealthy, BETWEEN_TRIES);

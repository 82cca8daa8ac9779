// The sheet of counts: works like a spreadsheet by keyboard and by paste, and adds up as you type. Saving is htmx's, keeping
// what is not yet saved is autosave.js's.
"use strict";
(() => {
  const form = document.querySelector("[data-telblad]");
  if (!form) return;

  const isCount = (element) => element instanceof HTMLInputElement && element.matches("[data-categorie]");
  const grid = () => [...form.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("[data-categorie]")]).filter((row) => row.length);

  // Moving

  function placeOf(input) {
    const rows = grid();
    const row = rows.findIndex((inputs) => inputs.includes(input));
    return { rows, row, column: rows[row]?.indexOf(input) };
  }

  function move(input, down, right) {
    const { rows, row, column } = placeOf(input);
    const next = rows[row + down]?.[column + right];
    if (next) next.focus();
    return Boolean(next);
  }

  function atEdge(input, key) {
    const { selectionStart: start, selectionEnd: end, value } = input;
    const all = start === 0 && end === value.length;
    return all || (key === "ArrowLeft" ? end === 0 : start === value.length);
  }

  form.addEventListener("focusin", (event) => { if (isCount(event.target)) event.target.select(); });

  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || !(input instanceof HTMLInputElement)) return;
    if (event.key === "Enter") {
      event.preventDefault(); // saves by itself; Enter goes on
      if (isCount(input)) move(input, event.shiftKey ? -1 : 1, 0);
      else goBelow(input.closest("tr"));
    } else if (isCount(input) && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (move(input, event.key === "ArrowDown" ? 1 : -1, 0)) event.preventDefault();
    } else if (isCount(input) && !event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight") && atEdge(input, event.key)) {
      if (move(input, 0, event.key === "ArrowRight" ? 1 : -1)) event.preventDefault();
    }
  });

  function goBelow(row) {
    let next = row;
    while ((next = next.nextElementSibling ?? next.parentElement.nextElementSibling?.firstElementChild)) {
      const input = next.querySelector("[data-categorie]");
      if (input) { input.focus(); return; }
    }
  }

  // Pasting a block of cells

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isCount(event.target) || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const { rows, row, column } = placeOf(event.target);
    let placed = 0;
    let outside = 0;
    text.replace(/[\r\n]+$/, "").split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((value, right) => {
      const input = rows[row + down]?.[column + right];
      if (!input) { outside += 1; return; }
      input.value = value.trim();
      placed += 1;
    }));
    const words = `${placed} ${placed === 1 ? "vak" : "vakken"} geplakt.`;
    document.getElementById("plakmelding").textContent = outside ? `${words} ${outside} pasten niet op dit blad.` : words;
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Adding up; a missing count is not zero

  function read(input) {
    const text = input.value.trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  }

  function write(output, counts) {
    const numbers = counts.filter((count) => count !== null);
    output.textContent = numbers.length ? String(numbers.reduce((sum, count) => sum + count, 0)) : "–";
    if (numbers.length < counts.length) {
      const part = document.createElement("small");
      part.textContent = ` ${numbers.length} van ${counts.length}`;
      output.append(part);
    }
  }

  function addUp() {
    const rows = grid();
    const wholes = (groep) => rows.filter((row) => row[0].dataset.geheel === groep);
    const column = (groep, place) => wholes(groep).map((row) => row[place]);
    rows.forEach((row) => write(form.querySelector(`[data-samen="${CSS.escape(row[0].dataset.categorie)}"]`), row.map(read)));
    form.querySelectorAll("[data-som]").forEach((output) => write(output, column("verzuim", output.dataset.som).map(read)));
    form.querySelectorAll("[data-alles]").forEach((output) => write(output, wholes("verzuim").flat().map(read)));
    form.querySelectorAll("[data-rest]").forEach((output) => {
      const children = column("verzuim", output.dataset.rest).map(read);
      const reasons = column("reden", output.dataset.rest);
      const isKnown = !children.includes(null) && reasons.every((input) => input.value.trim() === "" || read(input) !== null);
      const sum = (counts) => counts.reduce((total, count) => total + (count ?? 0), 0);
      output.textContent = isKnown ? String(sum(children) - sum(reasons.map(read))) : "–";
    });
  }

  // A field is marked by what is said beneath its row and as long as its question waits, whatever came back of the field itself.
  function markFields() {
    grid().flat().forEach((input) => {
      const said = [...document.getElementById(`vraag-${input.name}`).querySelectorAll(".fout")];
      const answer = form.querySelector(`[name="${CSS.escape(input.name)}-toelichting"]`);
      const isInAnswer = said.some((line) => line.matches("[data-toelichting]"));
      const isWrong = said.length > 0 && !isInAnswer;
      input.classList.toggle("is-fout", isWrong);
      input.classList.toggle("is-vraag", isInAnswer || (!isWrong && answer?.value.trim() === ""));
      markInvalid(input, isWrong);
      if (answer) markInvalid(answer, isInAnswer);
    });
  }

  function markInvalid(input, isInvalid) {
    if (isInvalid) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  form.addEventListener("input", addUp);

  // What comes back from the server never takes a field from under somebody's fingers

  let asked = null;
  let sent = null;
  let kept = [];

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    asked = event.detail.elt;
    sent = event.detail.requestConfig.formData;
    kept = [];
  });

  function isTypedOn(question) {
    const answer = question.querySelector("[name$='-toelichting']");
    return answer !== null && answer.value !== (sent?.get(answer.name) ?? "");
  }

  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    if (isCount(target)) {
      const typedOn = target.value !== sent?.get(target.name);
      if (typedOn && target !== asked) {
        event.detail.shouldSwap = false;
        kept.push(`${target.name}-versie`);
      }
    } else if (!target.contains(asked) && (target.contains(document.activeElement) || isTypedOn(target))) {
      event.detail.shouldSwap = false;
    }
  });

  // A field that kept what was typed keeps what it was started from as well, so that the server can tell both.
  function keepVersions() {
    kept.splice(0).forEach((name) => {
      const version = form.querySelector(`[name="${CSS.escape(name)}"]`);
      if (version && sent?.has(name)) version.value = sent.get(name);
    });
  }

  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "stand") return; // once an answer, which settles many elements
    keepVersions();
    addUp();
    markFields();
  });
})();

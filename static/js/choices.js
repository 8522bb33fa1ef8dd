// Long lists of choices: a box that narrows them, and a button that ticks what is shown.
// Without scripts the whole list stands there and every box can be ticked by hand.

const plain = (words) => words.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

function element(name, attributes, words = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = words;
  return made;
}

function equip(list) {
  const rows = [...list.querySelectorAll("li")].map((row) => ({
    row,
    box: row.querySelector("input"),
    words: plain(`${row.textContent} ${row.dataset.words ?? ""}`),
  }));
  const groups = [...list.querySelectorAll("[data-part='group']")];
  const find = element("input", { type: "search", id: `${list.id}-filter`, autocomplete: "off" });
  const label = element("label", { for: find.id }, list.dataset.filter);
  const tick = element("button", { type: "button" });
  // The page's own button does the same by way of the server.
  list.closest("form")?.querySelector("button[value='pick-none']")?.remove();
  const clear = element("button", { type: "button" }, "Tick none");
  const count = element("p", { "aria-live": "polite" });
  const tools = element("div", { "data-part": "tools" });
  tools.append(label, find, tick, clear, count);
  list.querySelector("[data-part='groups']").before(tools);

  function show() {
    const wanted = plain(find.value).split(/\s+/).filter(Boolean);
    for (const it of rows) it.row.hidden = !wanted.every((word) => it.words.includes(word));
    for (const group of groups) group.hidden = !group.querySelector("li:not([hidden])");
    tell();
  }

  function tell() {
    const shown = rows.filter((it) => !it.row.hidden);
    const ticked = rows.filter((it) => it.box.checked);
    const unseen = ticked.filter((it) => it.row.hidden).length;
    tick.textContent = `Tick the ${shown.length} shown`;
    tick.disabled = shown.every((it) => it.box.checked);
    clear.disabled = ticked.length === 0;
    count.textContent =
      `${ticked.length} of ${rows.length} ticked` + (unseen ? `, ${unseen} of them not shown` : "");
  }

  find.addEventListener("input", show);
  // Return in the box would send the whole form.
  find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  tick.addEventListener("click", () => {
    for (const it of rows) if (!it.row.hidden) it.box.checked = true;
    tell();
  });
  clear.addEventListener("click", () => {
    for (const it of rows) it.box.checked = false;
    tell();
  });
  list.addEventListener("change", tell);
  show();
}

document.querySelectorAll("fieldset[data-filter]").forEach(equip);

/* Share and keep: the address, the command, data, pictures and the standalone replay. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);

  CD.share = function () {
    const film = CD.film, address = CD.replayed ? null : location.href;
    const row = (title, text) => h("div", { class: "copy" }, h("strong", {}, title), h("code", { tabindex: 0 }, text), h("button", { type: "button", onclick: (e) => copy(text, e.target) }, CD.t("Copy")));
    CD.dialog(CD.t("Share and keep"), h("div", {},
      address ? row(CD.seat ? CD.t("This view of the game, which this server keeps under a short key") : CD.t("This view, with the whole run in its address"), address) : null,
      CD.seat ? row(CD.t("The game itself, with every move in its address, for any server"), CD.longAddress()) : null, row(CD.t("The command that repeats this run"), film.command),
      h("p", { class: "small" }, !film.digest ? CD.t("The digest of the run is told when the game is over.") : CD.t("Digest of the run: {digest}. Whoever repeats it on the same versions gets the same.", { digest: film.digest })),
      h("div", { class: "buttons" },
        h("button", { type: "button", onclick: () => saveText(CD.fileName("csv"), seriesTable(film), "text/csv") }, CD.t("Series as a table (CSV)")),
        h("button", { type: "button", onclick: () => saveText(CD.fileName("treaties.csv"), treatyTable(film), "text/csv") }, CD.t("Agreements as a table (CSV)")),
        h("button", { type: "button", onclick: () => saveText(CD.fileName("json"), JSON.stringify(film.data), "application/json") }, CD.t("Everything on the page (JSON)")),
        h("button", { type: "button", onclick: picture }, CD.t("This picture (SVG)")),
        CD.replayed ? null : h("button", { type: "button", onclick: () => CD.ofFilm(film, () => CD.fetchText(CD.beside(film, "replay", ".html") + location.search)).then((text) => saveText(CD.fileName("html"), text, "text/html"), CD.say) }, CD.t("A replay that needs no server (HTML)")))));
  };
  CD.longAddress = function () {
    const out = new URLSearchParams(CD.seat.words);
    out.set("seat", CD.seat.seat);
    out.set("turn", CD.seat.month);
    if (CD.seat.moves.length) out.set("moves", JSON.stringify(CD.seat.moves));
    return location.origin + location.pathname + "?" + out.toString();
  };
  CD.fileName = (end) => ["cloud-diplomacy", CD.film.scenario, CD.film.seed, CD.monthLabel(CD.film, CD.state.month)].join("-") + "." + end;
  function copy(text, button) {
    navigator.clipboard.writeText(text).then(() => { button.textContent = CD.t("Copied"); }, () => { button.textContent = CD.t("Select and copy by hand"); });
  }
  CD.saveText = saveText;
  function saveText(name, text, type) {
    const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  /* A leading quote keeps a spreadsheet from reading a text as a formula. */
  function cell(value) {
    const text = value === null || value === undefined ? "" : String(value);
    const safe = typeof value === "string" && /^[=+\-@\t]/.test(text) ? "'" + text : text;
    return /[",\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }
  const table = (rows) => rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
  function seriesTable(film) {
    const columns = Object.keys(film.series), rows = [["month", ...columns.map((c) => c + " (" + film.series[c].unit + ")")]];
    for (let m = 0; m <= CD.limit(); m++) rows.push([CD.monthLabel(film, m), ...columns.map((c) => film.series[c].values[m])]);
    return table(rows);
  }
  function treatyTable(film) {
    const label = (m) => (m === null ? "" : m < 0 ? "before " + film.start : CD.monthLabel(film, m));
    const rows = [["agreement", "type", "parties", "signed", "in_force", "ended", "stage", "commitment_usd", "text"]];
    for (const one of film.instruments) rows.push([one.id, film.types[one.type].name, CD.partiesOf(one).map((p) => film.parties[p].code).join(" "), label(one.signed), label(one.force), label(one.ended), one.stage, one.commitment, film.types[one.type].issues.map((issue, k) => issue + "=" + one.text[k]).join(" ")]);
    return table(rows);
  }
  /* The world as it stands on the screen, with its colours written in and a caption that says what it is. */
  function picture() {
    const sheets = [...document.querySelector(".sheets").children], shown = sheets[0], copyOf = shown.cloneNode(false);
    for (const sheet of sheets) for (const child of sheet.children) copyOf.append(child.cloneNode(true));
    const to = copyOf.querySelectorAll("*");
    sheets.flatMap((sheet) => [...sheet.querySelectorAll("*")]).forEach((element, k) => {
      const style = getComputedStyle(element);
      for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "stroke-opacity", "fill-opacity", "font", "display", "text-anchor", "vector-effect"]) to[k].style.setProperty(name, style.getPropertyValue(name));
    });
    const box = shown.viewBox.baseVal, film = CD.film;
    const what = { map: CD.observableTitle(CD.state.colour), graph: CD.t("Alliance graph"),
      capacity: CD.t("Where capacity lies"), data: CD.t("Where data lie") }[CD.state.view];
    const apart = CD.twin && CD.state.twin === "difference" && CD.state.view === "map";
    const minus = apart ? [CD.t("this world minus its twin ({other})", { other: CD.twinName() })] : [];
    const caption = [CD.own(CD.scenario(), "title"), CD.monthName(film, CD.state.month), what, ...minus,
      CD.t("seed {n}", { n: film.seed }), film.digest].filter(Boolean).join(" · ");
    copyOf.setAttribute("viewBox", [box.x, box.y, box.width, box.height + 16].join(" "));
    copyOf.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copyOf.setAttribute("style", "background:" + getComputedStyle(document.body).backgroundColor);
    copyOf.append(CD.s("text", { x: box.x + 4, y: box.y + box.height + 10, style: "font:7px sans-serif;fill:" + getComputedStyle(document.body).color }, caption));
    saveText(CD.fileName("svg"), new XMLSerializer().serializeToString(copyOf), "image/svg+xml");
  }
})();

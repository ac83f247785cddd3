/* What is measured along other axes than the parties: a list for each axis at the month shown, in the words of the axis. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);

  /* Axes whose list is open: a month that passes draws it anew and leaves it so. */
  CD.openPlaces = new Set();
  CD.axisTitle = (axis) => ((CD.shelves.axes || {})[axis] ? CD.t(CD.shelves.axes[axis]) : CD.plain(axis));
  /* A place in words: a party's, a type's or an issue's own name; of two with a sign between, both; else as it stands. */
  CD.placeTitle = function (film, label) {
    if (film.index.has(label)) return film.name(film.index.get(label));
    if ((CD.shelves.parts.agreement || {})[label]) return CD.titleOf("agreement", label);
    for (const kind of ["issue", "channel"]) if (CD.wordOf(kind, label)) return CD.word(kind, label);
    for (const sign of [">", "+"]) {
      const both = label.split(sign);
      if (both.length === 2 && both.every(Boolean)) {
        return both.map((one) => CD.placeTitle(film, one)).join(sign === ">" ? " → " : " + ");
      }
    }
    return /^[a-z_]+$/.test(label) ? CD.plain(label) : label;
  };
  /* Rows of an axis in a month: the places that are there by then, each with a value for each column; null is undefined. */
  CD.placesAt = function (film, axis, month) {
    const told = film.axes[axis], columns = Object.keys(told.columns);
    const values = columns.map((name) => panelAt(told.columns[name], month));
    return told.labels.map((label, k) => ({ label, values: values.map((row) => row[k]) }))
      .filter((_, k) => told.since === null || told.since[k] <= month);
  };
  function panelAt(panel, month) {
    const row = panel.first.slice();
    for (const [m, told] of panel.changes) {
      if (m > month) break;
      for (let k = 0; k < told.length; k += 2) row[told[k]] = told[k + 1];
    }
    return row;
  }
  CD.placesPanel = function (film, month) {
    return Object.keys(film.axes || {}).map((axis) => {
      const told = film.axes[axis], columns = Object.keys(told.columns), rows = CD.placesAt(film, axis, month);
      const alone = (name) => columns.filter((other) => told.columns[other].metric === told.columns[name].metric).length === 1;
      const title = (name) => (alone(name) ? CD.titleOf("metric", told.columns[name].metric) : CD.plain(name));
      const unit = (name) => CD.t(told.columns[name].unit);
      const head = h("tr", {}, h("th", { scope: "col" }, CD.axisTitle(axis)), columns.map((name) => h("th", { scope: "col" },
        h("button", { type: "button", class: "term", onclick: () => CD.openPart("metric", told.columns[name].metric) }, title(name)),
        h("span", { class: "small" }, " " + unit(name)))));
      const body = rows.map((row) => h("tr", {}, h("th", { scope: "row" }, CD.placeTitle(film, row.label)),
        row.values.map((value) => h("td", {}, CD.number(value)))));
      const keep = (event) => (event.target.open ? CD.openPlaces.add(axis) : CD.openPlaces.delete(axis));
      return h("details", { class: "places", "data-axis": axis, open: CD.openPlaces.has(axis), ontoggle: keep }, h("summary", {}, CD.t("By axis: {axis}", { axis: CD.axisTitle(axis) }),
        h("span", { class: "count" }, " " + CD.number(rows.length))),
      rows.length ? h("table", {}, h("thead", {}, head), h("tbody", {}, body)) : h("p", { class: "small" }, CD.t("Nothing stands on it yet.")),
      told.left_out ? h("p", { class: "small" }, CD.t("{n} more are in the run's folder, not on the page.", { n: CD.number(told.left_out) })) : null);
    });
  };
})();

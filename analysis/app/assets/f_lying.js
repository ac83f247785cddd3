/* Inspect: a state's exposure in one sentence, its capacity and load, where its load lies; and of the world, what is cut. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);
  const MOST = 8;
  /* A share in per cent; the sign never stands alone on a line. */
  const percent = (CD.percent = (share) => CD.number(100 * share, 2) + "\u00a0%");

  /* In whose reach a state's load is, and how much of it lies at home and in own hands: one sentence. */
  CD.exposureWords = function (film, k, month) {
    const lies = CD.lyingOf(film), shares = ["load_exposed", "load_at_home", "load_in_own_hands"];
    if (!lies || k >= film.states || !shares.every((name) => film.fields[name])) return null;
    const [share, home, own] = shares.map((name) => percent(film.value(name, month, k))), other = lies.exposed(month, k);
    const values = { name: film.name(k), share, home, own, other: other >= 0 ? film.name(other) : "" };
    return other >= 0 ? CD.t("Of the load of {name}, {share} lies in {other} or with its providers; {home} lies at home, {own} in own hands.", values)
      : CD.t("No other state reaches the load of {name}; {home} lies at home, {own} in own hands.", values);
  };
  /* Load, capacity and building of a state, a line each. */
  CD.capacityWords = (film, k, month) => capacityRows(film, k, month).map(([name, value]) => name + ": " + value);
  function capacityRows(film, k, month) {
    const value = (name) => (film.fields[name] ? film.value(name, month, k) : NaN), mw = (v) => CD.withUnit(v, "MW");
    const room = value("cloud_capacity"), stored = value("load_stored"), load = CD.lyingOf(film).load(month, k);
    const full = room > 0 && !Number.isNaN(stored) ? ", " + CD.t("{n} full", { n: percent(stored / room) }) : "";
    return [[CD.t("Load of its users"), mw(load)], [CD.t("Load that lies there"), mw(stored) + full],
      [CD.t("Capacity in service"), mw(room)], [CD.t("Under construction"), mw(value("capacity_building"))]]
      .filter(([, said]) => said !== "–");
  }
  CD.withWhom = (film, home, user) => (home === user ? CD.t("with its own providers or machines")
    : CD.t("with providers of {name}", { name: film.name(home) }));

  CD.lyingPanel = function (film, k, month) {
    const lies = CD.lyingOf(film);
    if (!lies || k >= film.states) return null;
    const ways = lies.waysOf[k].map((way) => [way, lies.way(way, month)]).filter(([, [, all]]) => all > 0);
    const cut = ways.filter(([, [open]]) => open === 0).map(([way]) => (way.a === k ? way.b : way.a));
    const lost = film.fields.load_out_of_reach ? film.value("load_out_of_reach", month, k) : 0;
    const abroad = [[CD.t("Direct lines to other states, open"), CD.t("{n} of {all}", { n: ways.length - cut.length, all: ways.length })]];
    const said = CD.exposureWords(film, k, month);
    return [h("h3", {}, CD.t("Where its data lie")), said ? h("p", { class: "exposure" }, said) : null,
      lost > 0.005 ? h("p", {}, CD.t("{n} of its load cannot be reached this month.", { n: percent(lost) })) : null,
      CD.factList([...capacityRows(film, k, month), ...abroad]),
      cut.length ? h("p", { class: "small" }, CD.t("Cut this month:"), " ", cut.map((p, n) => [n ? ", " : "", CD.partyLink(film, p)])) : null,
      CD.state.view === "data" ? cells(film, lies.of(month, k).slice(0, MOST), k) : null];
  };
  function cells(film, told, k) {
    return h("ul", { class: "list cells" }, told.map((one) => h("li", {}, h("i", { class: "line", style: "background:var(--" + CD.homeColour(film, one.home, k) + ")" }),
      one.host === k ? CD.t("At home") : CD.partyLink(film, one.host), ", ", CD.withWhom(film, one.home, k), " ",
      h("span", { class: "small" }, CD.withUnit(one.mw, "MW") + " (" + percent(one.share) + ")"))));
  }

  /* What is cut in a month, in the whole world. */
  CD.cutsPanel = function (film, month) {
    const lies = CD.lyingOf(film);
    if (!lies || CD.state.view !== "data") return null;
    const cut = lies.ways.filter((way) => lies.isCut(way, month)), off = film.parties.slice(0, film.states).map((_, k) => k).filter((k) => lies.isOff(k, month));
    return [h("h3", {}, CD.t("Cables and land lines cut this month")),
      cut.length ? h("ul", { class: "list" }, cut.slice(0, MOST).map((way) => h("li", {}, CD.partyLink(film, way.a), " – ", CD.partyLink(film, way.b))),
        cut.length > MOST ? h("li", { class: "small" }, CD.t("and {n} more", { n: cut.length - MOST })) : null)
        : h("p", { class: "small" }, CD.t("Between any two states that lines join, something carries data.")),
      off.length ? h("p", {}, CD.t("Cut off altogether:"), " ", off.map((k, n) => [n ? ", " : "", CD.partyLink(film, k)])) : null];
  };
})();

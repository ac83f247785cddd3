/* The year of a head of state or government: a calendar of contacts, a picture of partners, what carried them, and the record beside it. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);
  const WIDTH = 6, ROWS = 24, MOST = 4;
  const SHAPES = ["M-3.600-3.600h7.200v7.200h-7.200z", "M0-4.800L4.800 0L0 4.800L-4.800 0z", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M0-4.600L4.600 3.800H-4.600z", "M-4.400-1.300h8.800v2.600h-8.800z"];
  const OTHER = "M-4.400 0L-2.200-3.800H2.200L4.400 0L2.200 3.800H-2.200z";
  const names = (film) => film.words.channel;
  const colour = (name) => "var(--channel-" + name + ",var(--ink))";

  /* Contacts of one head in a year, as far as lived: month of the year, partner, channel, whether it opened it, occasion, platform, whose bridge. */
  CD.headYear = function (film, k, year) {
    const offset = Number(film.start.slice(5)) - 1, first = Number(film.start.slice(0, 4)), out = [];
    (film.heads || []).forEach((row, m) => {
      if (first + Math.floor((m + offset) / 12) !== year || m > CD.limit()) return;
      for (let at = 0; at < row.length; at += WIDTH) {
        const [a, b, channel, occasion, platform, bridge] = row.slice(at, at + WIDTH);
        if (a === k || b === k) out.push({ month: (m + offset) % 12, at: m, partner: a === k ? b : a, channel, own: a === k, occasion, platform, bridge });
      }
    });
    return out;
  };
  CD.headYears = function (film) {
    const offset = Number(film.start.slice(5)) - 1, first = Number(film.start.slice(0, 4)), out = [];
    for (let y = first; y <= first + Math.floor((CD.limit() + offset) / 12); y++) out.push(y);
    return out;
  };
  const counted = (found, key) => { const out = new Map(); for (const one of found) out.set(one[key], (out.get(one[key]) || 0) + 1); return out; };
  const ranked = (found) => [...counted(found, "partner")].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const mark = (film, channel, own) => s("path", { d: SHAPES[channel] || OTHER, class: own ? "" : "received", style: "--c:" + colour(names(film)[channel]) });
  const shape = (film, channel, own) => s("svg", { viewBox: "-6 -6 12 12", width: 12, height: 12, "aria-hidden": "true", class: "head-mark" }, mark(film, channel, own));
  /* How many of each channel, in words. */
  function said(film, found) {
    const n = counted(found, "channel");
    return names(film).map((name, c) => (n.get(c) ? CD.word("channel", name) + " " + CD.number(n.get(c)) : "")).filter(Boolean).join(", ");
  }
  function cell(film, found) {
    if (!found.length) return h("td", {});
    const order = [...found].sort((a, b) => a.channel - b.channel || b.own - a.own), shown = order.slice(0, order.length > MOST ? MOST - 1 : MOST);
    return h("td", { title: said(film, found) }, h("span", { class: "unseen" }, said(film, found)), shown.map((one) => shape(film, one.channel, one.own)), order.length > shown.length ? h("span", { class: "more", "aria-hidden": "true" }, "+" + (order.length - shown.length)) : null);
  }
  function monthNames() {
    return [...Array(12).keys()].map((m) => new Intl.DateTimeFormat(CD.lang === "id" ? "id-ID" : "en-GB", { month: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2001, m, 1))));
  }
  /* A row for each partner, a column for each month. */
  function calendar(film, k, found) {
    const rows = ranked(found), top = rows.slice(0, ROWS), rest = new Set(rows.slice(ROWS).map(([p]) => p));
    const inMonth = (some, m) => some.filter((one) => one.month === m), high = Math.max(1, ...[...Array(12).keys()].map((m) => inMonth(found, m).length));
    const bar = (m) => { const mine = inMonth(found, m), n = counted(mine, "channel"); let base = 40; return h("td", { title: said(film, mine) }, h("span", { class: "unseen" }, said(film, mine)), s("svg", { viewBox: "0 0 30 40", width: 30, height: 40, "aria-hidden": "true" }, names(film).map((name, c) => { const tall = (38 * (n.get(c) || 0)) / high; base -= tall; return tall ? s("rect", { x: 4, width: 22, y: base, height: tall, style: "fill:" + colour(name) }) : null; })), h("span", { class: "more", "aria-hidden": "true" }, mine.length || "")); };
    const line = (name, mine) => h("tr", {}, h("th", { scope: "row" }, name), [...Array(12).keys()].map((m) => cell(film, inMonth(mine, m))), h("td", { class: "sum" }, CD.number(mine.length)));
    return h("div", { class: "scroll" }, h("table", { class: "head-year" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, CD.t("Partner")), monthNames().map((name) => h("th", { scope: "col" }, name)), h("th", { scope: "col" }, CD.t("Year")))),
      h("tbody", {}, h("tr", { class: "all" }, h("th", { scope: "row" }, CD.t("All")), [...Array(12).keys()].map(bar), h("td", { class: "sum" }, CD.number(found.length))),
        top.map(([p]) => line(h("button", { type: "button", class: "link", onclick: (e) => { e.target.closest("dialog").close(); CD.pick("state:" + film.parties[p].code); } }, film.name(p)), found.filter((one) => one.partner === p))),
        rest.size ? line(CD.tn("{n} more", "{n} more", rest.size), found.filter((one) => rest.has(one.partner))) : null)));
  }
  function key(film) {
    return h("p", { class: "key small" }, names(film).map((name, c) => h("span", {}, shape(film, c, true), CD.word("channel", name))), h("span", {}, shape(film, 2, true), CD.t("opened by this head")), h("span", {}, shape(film, 2, false), CD.t("opened by the other")));
  }
  /* Partners to both sides of the head, those met most at the top; a line is as thick as contacts are many. */
  function network(film, k, found) {
    const rows = ranked(found).slice(0, ROWS), high = Math.max(1, ...rows.map((one) => one[1])), each = Math.ceil(rows.length / 2), W = 760, H = 40 + 26 * Math.max(each, 3), parts = [], labels = [];
    rows.forEach(([p, n], at) => {
      const right = at % 2 === 1, down = each > 1 ? Math.floor(at / 2) / (each - 1) : 0.5, y = 20 + (H - 40) * down;
      const x = W / 2 + (right ? 1 : -1) * (90 + 60 * Math.sin(Math.PI * down)), mine = found.filter((one) => one.partner === p);
      const main = [...counted(mine, "channel")].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0];
      parts.push(s("line", { x1: W / 2, y1: H / 2, x2: x, y2: y, style: "stroke:" + colour(names(film)[main]) + ";stroke-width:" + (1 + 7 * Math.sqrt(n / high)).toFixed(1) }, s("title", {}, film.name(p) + ": " + said(film, mine))));
      labels.push(s("circle", { cx: x, cy: y, r: 4, class: "head-dot" }), s("text", { x: x + (right ? 10 : -10), y: y + 4, "text-anchor": right ? "start" : "end", class: "life-name" }, film.name(p) + " " + CD.number(n)));
    });
    const words = rows.slice(0, 5).map(([p, n]) => film.name(p) + " " + CD.number(n)).join(", ");
    return h("div", {}, s("svg", { viewBox: `0 0 ${W} ${H}`, class: "head-net", role: "img", "aria-label": CD.t("Partners, most often met first: {names}", { names: words }) }, parts, labels, s("circle", { cx: W / 2, cy: H / 2, r: 9, class: "head-self" })),
      h("p", { class: "small" }, CD.t("The more contacts, the thicker the line; its colour is the channel used most. Partners met most are at the top.")));
  }
  /* What carried the meetings on a screen, and who could have listened. */
  function platforms(film, k, found) {
    const screen = found.filter((one) => one.platform >= 0);
    if (!film.platforms || !film.platforms.length) return null;
    if (!screen.length) return h("p", { class: "small" }, CD.t("No meeting on a screen this year."));
    const rows = [...counted(screen, "platform")].sort((a, b) => b[1] - a[1]).map(([p, n]) => {
      const one = film.platforms[p], host = one.host, mine = host === k;
      const ear = p === 0 ? CD.t("nobody but its owner") : host < 0 ? CD.t("unknown") : mine ? CD.t("its own state") : film.name(host) + ", " + CD.number(100 * one.hears[k], 2) + " %";
      return h("tr", {}, h("th", { scope: "row" }, p === 0 ? CD.t("Hardware bridges") : CD.plain(one.name)), h("td", {}, CD.number(n)), h("td", {}, p === 0 ? CD.t("one of the two") : host < 0 ? "–" : film.name(host)), h("td", {}, ear));
    });
    return h("div", { class: "scroll" }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, [CD.t("Platform"), CD.t("Meetings"), CD.t("Hosted by"), CD.t("Who could listen, and how likely it does")].map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, rows)));
  }
  /* The record of this head and year, where the scenario has one. */
  function record(film, k, year) {
    const offset = Number(film.start.slice(5)) - 1, first = Number(film.start.slice(0, 4)), yearOf = (m) => first + Math.floor((m + offset) / 12);
    const mine = (film.record || []).filter((one) => one.party === k && yearOf(one.from) <= year && year <= yearOf(one.until));
    if (!mine.length) return h("p", { class: "small" }, CD.t("No record of this head and year is given, so nothing here can be compared with the world."));
    const rows = mine.map((one) => {
      if (one.until > CD.limit() || !film.fields[one.column]) return h("tr", {}, h("th", { scope: "row" }, title(film, one.column)), h("td", {}, band(one)), h("td", {}, "–"), h("td", {}, one.source));
      let sum = 0;
      for (let m = one.from; m <= one.until; m++) sum += film.value(one.column, m, k);
      const met = sum >= one.low && sum <= one.high;
      return h("tr", {}, h("th", { scope: "row" }, title(film, one.column)), h("td", {}, band(one)), h("td", {}, CD.number(sum), " ", h("span", { class: met ? "" : "bad" }, met ? CD.t("in band") : CD.t("out of band"))), h("td", { class: "small" }, one.source + " (" + one.grade + ")"));
    });
    return [h("div", { class: "scroll" }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, [CD.t("What was counted"), CD.t("Record, with its band"), CD.t("This run"), CD.t("Source (grade)")].map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, rows))), h("p", { class: "small" }, CD.t("This is one run on one seed. Many runs are compared with the record by the report."))];
  }
  const TITLES = { head_journeys: CD.N("Journeys"), head_spoke: CD.N("Meetings and calls") };
  function title(film, column) {
    if (TITLES[column]) return CD.t(TITLES[column]);
    const channel = column.replace(/^head_/, "");
    return names(film).includes(channel) ? CD.word("channel", channel) : CD.plain(column);
  }
  const band = (one) => (one.low === one.high ? CD.number(one.low) : CD.t("{low} to {high}", { low: CD.number(one.low), high: CD.number(one.high) }));

  CD.openYear = function (film, wanted, when) {
    const years = CD.headYears(film), body = h("div", { class: "life" }), told = new Set(film.seat ? [film.parties.findIndex((one) => one.code === film.seat)] : film.parties.map((_, p) => p));
    const recorded = (film.record || [])[0], offset = Number(film.start.slice(5)) - 1, first = Number(film.start.slice(0, 4));
    let k = wanted === undefined ? (film.seat ? [...told][0] : recorded ? recorded.party : 0) : wanted;
    if (!told.has(k)) k = [...told][0];
    let year = when || first + Math.floor((Math.min(CD.state.month, CD.limit()) + offset) / 12);
    const draw = () => {
      const found = CD.headYear(film, k, year), journeys = found.filter((one) => one.own && names(film)[one.channel] === "visit").length;
      CD.fill(body, h("p", {}, found.length ? said(film, found) + ". " + CD.tn("Of the visits {n} is a journey of this head.", "Of the visits {n} are journeys of this head.", journeys) : CD.t("No contact of this head in this year.")), h("h3", {}, CD.t("The record")), record(film, k, year),
        found.length ? [h("h3", {}, CD.t("The calendar")), key(film), calendar(film, k, found), h("h3", {}, CD.t("The partners")), network(film, k, found), h("h3", {}, CD.t("What carried the meetings on a screen")), platforms(film, k, found)] : null);
    };
    const order = [...told].sort((a, b) => film.name(a).localeCompare(film.name(b)));
    const head = h("select", { "aria-label": CD.t("Head of"), onchange: (e) => { k = Number(e.target.value); draw(); } }, order.map((p) => h("option", { value: p, selected: p === k }, film.name(p))));
    const span = h("select", { "aria-label": CD.t("Year"), onchange: (e) => { year = Number(e.target.value); draw(); } }, years.map((y) => h("option", { value: y, selected: y === year }, y)));
    draw();
    return CD.dialog(CD.t("A head's year"), h("div", {}, h("p", { class: "choices" }, head, " ", span), body), true);
  };
})();

/* Inspect: what is selected, told in words and small pictures; with nothing selected, what this world is about. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);

  CD.split = function (pick) {
    const at = String(pick || "").indexOf(":");
    return at < 0 ? ["", ""] : [pick.slice(0, at), pick.slice(at + 1)];
  };
  CD.pickedTreaty = function (film) {
    const [kind, id] = CD.split(CD.state.pick);
    return kind === "treaty" && film.treatyAt.has(id) ? film.treatyAt.get(id) : -1;
  };
  CD.pickEvent = function (film, event) {
    if (event[6] >= 0) CD.pick("treaty:" + film.instruments[event[6]].id);
    else if (event[5] >= 0) CD.pick("talk:" + event[5]);
    else if (event[2] >= 0) CD.pick("state:" + film.parties[event[2]].code);
  };
  CD.treatyWords = (film, one) => [CD.partiesOf(one).slice(0, 3).map((p) => film.name(p)).join(" – ") + (CD.partiesOf(one).length > 3 ? " …" : ""), CD.titleOf("agreement", film.types[one.type].name)];
  /* What an agreement is in a month. */
  CD.stageWords = function (film, one, month) {
    const stage = film.stage(one, month);
    if (stage === "signed") return CD.t("signed {when}, not in force", { when: date(film, one.signed) });
    if (stage === "force") return CD.t("in force since {when}", { when: date(film, one.force) });
    if (stage === "suspended") return CD.t("suspended since {when}", { when: date(film, film.suspendedSince(one, month)) });
    return stage === "ended" ? CD.t("ended {when}", { when: date(film, one.ended) }) : "";
  };
  CD.eventWords = function (film, event) {
    const name = film.words.event[event[1]], who = [event[2], event[3]].filter((p) => p >= 0).map((p) => film.name(p));
    const shown = CD.markFor(film, event), said = shown ? CD.saidOf(shown) : CD.word("event", name);
    // A reason that its own words tell already is not told twice.
    const why = event[7] > 0 && !(shown && shown.told) ? CD.word("reason", film.words.reason[event[7]]) : null;
    const reason = why && why.toLowerCase() !== said.toLowerCase() ? why : null;
    return [who.join(" – "), [event[4] >= 0 ? CD.titleOf("agreement", film.types[event[4]].name) : "", said, reason].filter(Boolean).join(", "), CD.monthName(film, event[0])];
  };

  CD.inspect = function (film, month) {
    const [kind, id] = CD.split(CD.state.pick);
    if (kind === "state" && film.index.has(id)) return party(film, film.index.get(id), month);
    if (kind === "pair") return CD.whyPanel(film, month);
    if (kind === "treaty" && film.treatyAt.has(id)) return treaty(film, film.instruments[film.treatyAt.get(id)], month);
    if (kind === "talk" && film.talks[Number(id)]) return talk(film, Number(id), month);
    return CD.seat && CD.seat.inbox ? CD.seatPanel() : world(film, month);
  };
  const back = () => h("button", { type: "button", class: "quiet back", onclick: () => CD.pick("") }, "← " + CD.t("The world"));
  const link = (film, p) => h("button", { type: "button", class: "link", onclick: () => CD.pick("state:" + film.parties[p].code) }, film.name(p));
  const ask = (film, pair) => h("p", {}, CD.whyButton(...pair.map((p) => film.parties[p].code)));
  const date = (film, m) => (m === null ? "–" : m < 0 ? CD.t("before the start") : CD.monthName(film, m, true));
  const facts = (rows) => h("dl", { class: "facts" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  CD.factList = facts;
  CD.partyLink = link;
  CD.shortDate = date;

  function world(film, month) {
    const scenario = CD.shelves.scenarios.find((one) => one.name === film.scenario) || { title: film.scenario };
    const force = film.inForce(month), signed = film.instruments.filter((one) => one.signed !== null && one.signed >= 0 && one.signed <= month).length;
    const open = film.talks.filter((t) => t[4] <= month && (t[5] === null || t[5] > month)).length;
    return h("div", {}, h("h2", {}, CD.own(scenario, "question") || CD.own(scenario, "title")), h("p", {}, CD.own(scenario, "story")),
      h("div", { class: "three" }, big(force.length, CD.t("agreements in force")), big(signed, CD.t("signed since the start")), big(open, CD.t("talks open"))),
      h("p", {}, CD.whyButton("", "", CD.t("Why these two, why not those two?"))),
      h("p", { class: "buttons" }, h("button", { type: "button", onclick: () => CD.openLife(film) }, CD.t("Lives of agreements")), h("button", { type: "button", onclick: () => CD.openSurvival(film) }, CD.t("How long agreements last")), film.heads ? h("button", { type: "button", onclick: () => CD.openYear(film) }, CD.t("A head's year")) : null),
      scenario.illustrative ? h("p", { class: "small" }, CD.t("Illustrative: {text}", { text: CD.t(scenario.illustrative) })) : null,
      dated(film, month),
      CD.cutsPanel(film, month), h("h3", {}, CD.t("This month")), recent(film, month), CD.placesPanel(film, month),
      h("p", { class: "small" }, CD.t("One run on one seed: what may happen under these rules, not a forecast. Click a state, an arc or an event and ask why.")),
      h("p", { class: "small" }, CD.t("Borders: {source}. They imply no position on the status of any territory.", { source: CD.geometry.source })));
  }
  /* The scenario's dated events, each with its source; those still to come are not told. */
  function dated(film, month) {
    const known = (film.dated || []).filter((one) => one.from <= month);
    if (!known.length) return null;
    return [h("h3", {}, CD.t("Dated events")), h("ul", { class: "small dated" }, known.map((one) => h("li", {}, CD.monthName(film, one.from, true), ": ",
      CD.own(one, "note") || CD.titleOf("shock", one.kind), " ", h("span", { class: "quiet" }, CD.t("Source: {text}", { text: one.source })))))];
  }
  const big = (n, text) => h("div", {}, h("b", {}, CD.number(n)), h("span", {}, text));
  function recent(film, month) {
    const all = film.eventsAt[month].map((k) => film.events[k]).filter((e) => CD.markOf(film.words.event[e[1]]));
    const found = all.filter((e) => !CD.state.hide.includes(film.words.event[e[1]]));
    if (!found.length) {
      return h("p", { class: "small" }, all.length ? CD.t("What happened is of kinds that are not shown.")
        : CD.t("Nothing was signed, ratified or ended."));
    }
    return h("ul", { class: "list" }, found.slice(0, 8).map((e) => h("li", {}, CD.shape(CD.markFor(film, e).mark), " ", h("button", { type: "button", class: "link", onclick: () => CD.pickEvent(film, e) }, CD.eventWords(film, e)[0]), " ", h("span", { class: "small" }, CD.eventWords(film, e)[1]))),
      found.length > 8 ? h("li", { class: "small" }, CD.t("and {n} more", { n: found.length - 8 })) : null);
  }

  function party(film, k, month) {
    const one = film.parties[k], blocs = one.bloc ? [] : film.blocsOf(k, month);
    const value = (name) => film.value(name, month, k);
    const shown = film.byParty[k].map((n) => film.instruments[n]).filter((i) => { const st = film.stage(i, month); return st === "force" || st === "suspended" || st === "signed"; });
    const via = blocs.flatMap((b) => film.byParty[b].map((n) => film.instruments[n])).filter((i) => ["force", "suspended"].includes(film.stage(i, month)));
    const rows = ["gdp", "population", "internet_use", ...(CD.lyingOf(film) && !one.bloc ? [] : ["cloud_capacity"]), "need", "capability", "digital_trade", "reputation"].filter((name) => film.fields[name])
      .map((name) => [CD.observableTitle(name), CD.withUnit(value(name), CD.unitOf(film, name))]);
    return h("div", {}, back(), h("h2", {}, film.name(k)), h("p", { class: "small" }, one.bloc ? CD.tn("A bloc of {n} state.", "A bloc of {n} states.", film.statesOf(k, month).length) : CD.t(one.region) + (blocs.length ? " · " : ""), blocs.map((b) => link(film, b))),
      h("p", {}, CD.whyButton(one.code, "", CD.t("Why with some, why not with others?"))),
      CD.lyingPanel(film, k, month), h("h3", {}, CD.term("regime")), triangle(film, month, k), facts(rows),
      h("h3", {}, CD.t("Agreements"), h("span", { class: "count" }, shown.length + (via.length ? " + " + via.length : ""))),
      h("ul", { class: "list" }, shown.slice(0, 30).map((i) => treatyItem(film, i, k, month)), via.slice(0, 20).map((i) => treatyItem(film, i, k, month, true))),
      shown.length + via.length ? null : h("p", { class: "small" }, CD.t("None in force or signed.")), talks(film, k, month),
      h("h3", {}, CD.term("contact", CD.t("Contacts by channel and year"))), contacts(film, k, month),
      film.heads && (!film.seat || film.seat === one.code) ? h("p", {}, h("button", { type: "button", onclick: () => CD.openYear(film, k) }, CD.t("The year of its head"))) : null,
      gains(film, shown, k, month), h("h3", {}, CD.term("trust")), trusted(film, one.code, month), h("p", {}, h("button", { type: "button", class: "quiet", onclick: () => CD.set({ colour: "trust:" + one.code }) }, CD.t("Colour the map by trust in {name}", { name: one.name }))));
  }
  /* What the agreements in force are worth to a party, as it reckoned when it signed. */
  function gains(film, shown, k, month) {
    if (!CD.tables) return null;
    const known = shown.filter((i) => film.stage(i, month) === "force" && CD.tables[i.talk] && Array.isArray(CD.tables[i.talk].result)).map((i) => { const side = i.a === k ? 0 : 1, plane = CD.tables[i.talk]; return [i, plane.result[side] - plane.d[side]]; });
    if (!known.length) return null;
    return [h("h3", {}, CD.term("gain", CD.t("Gains from what is in force"))), h("p", {}, CD.t("{n} bp of GDP a year in all, reckoned at signature.", { n: CD.number(known.reduce((sum, pair) => sum + pair[1], 0), 3) })),
      h("ul", { class: "list" }, known.sort((a, b) => b[1] - a[1]).slice(0, 5).map(([i, gain]) => h("li", {}, CD.number(gain, 2), " ", h("span", { class: "small" }, CD.treatyWords(film, i).join(", ")))))];
  }
  /* Whom it trusts most and least; asked of the server once for each party. */
  function trusted(film, code, month) {
    const name = "trust:" + code;
    if (!film.panels[name]) {
      if (!CD.replayed) CD.needTrust(name).then(() => { CD.serial += 1; CD.paint(); }).catch(() => null);
      return null;
    }
    const ranked = film.parties.map((one, k) => [film.value("trusts:" + code, month, k), k]).filter(([v]) => !Number.isNaN(v)).sort((a, b) => b[0] - a[0]);
    const list = (rows) => rows.map(([v, k], n) => [n ? ", " : "", link(film, k), " ", CD.number(v, 2)]);
    return [h("p", { class: "small" }, CD.t("trusts most:"), " ", list(ranked.slice(0, 5))), h("p", { class: "small" }, CD.t("trusts least:"), " ", list(ranked.slice(-3).reverse()))];
  }
  function treatyItem(film, one, k, month, via) {
    const others = CD.partiesOf(one).filter((p) => p !== k && !(via && film.blocsOf(k, month).includes(p)));
    const stage = film.stage(one, month), [first, second] = film.types[one.type].roles;
    // Where the two sides do different things, two agreements of one pair may run opposite ways.
    const leads = via ? film.blocsOf(k, month).includes(one.a) : one.a === k,
      me = CD.plain(leads ? first : second).toLowerCase();
    const role = first !== second && one.conference < 0 ? ", " + (via ? CD.t("its bloc is {role}", { role: me }) : me)
      : "";
    return h("li", {}, h("i", { class: "line", style: "background:var(--type-" + film.types[one.type].name + ",var(--ink))" }), h("button", { type: "button", class: "link", onclick: () => CD.pick("treaty:" + one.id) }, CD.titleOf("agreement", film.types[one.type].name)), " ", others.slice(0, 3).map((p) => film.name(p)).join(", ") + (others.length > 3 ? " …" : ""),
      h("span", { class: "small" }, " " + (stage === "signed"
        ? CD.t("signed {when}, not in force", { when: date(film, one.signed) }) : stage === "suspended" ? CD.stageWords(film, one, month) : date(film, one.force))
        + role + (via && !role ? ", " + CD.t("through its bloc") : "")));
  }
  function talks(film, k, month) {
    const open = film.talksOf[k].filter((n) => film.talks[n][4] <= month && (film.talks[n][5] === null || film.talks[n][5] > month));
    const failed = film.talksOf[k].filter((n) => film.talks[n][6] === "failed" && film.talks[n][5] <= month);
    const item = (n) => { const t = film.talks[n], other = t[1] === k ? t[2] : t[1]; return h("li", {}, h("button", { type: "button", class: "link", onclick: () => CD.pick("talk:" + n) }, CD.titleOf("agreement", film.types[t[0]].name)), " ", film.name(other), h("span", { class: "small" }, " " + (t[6] === "failed" && t[5] <= month ? CD.word("reason", film.words.reason[t[7]]) : CD.t("since {when}", { when: date(film, t[4]) })))); };
    return [open.length ? [h("h3", {}, CD.t("Talks now")), h("ul", { class: "list" }, open.map(item))] : null, failed.length ? [h("h3", {}, CD.t("Talks that failed")), h("ul", { class: "list" }, failed.slice(-8).reverse().map(item))] : null];
  }
  /* Three bars from 0 to 1: protection against firms, against the state, control of location. */
  function triangle(film, month, k) {
    return h("div", { class: "bars" }, ["protection_firms", "protection_state", "localisation"].map((name) => {
      const v = film.value(name, month, k);
      return h("div", {}, h("span", {}, CD.observableTitle(name)), h("i", { style: "--v:" + v }), h("b", {}, CD.number(v, 2)));
    }));
  }
  function contacts(film, k, month) {
    const years = film.contactYears(k, month, CD.shelves.channels.length);
    if (!years.length) return h("p", { class: "small" }, CD.t("None yet: no month has been lived."));
    const all = Math.floor((film.months - 1 + Number(film.start.slice(5)) - 1) / 12) + 1;
    const high = Math.max(1, ...years.map((one) => one.counts.reduce((a, b) => a + b, 0))), W = 300, H = 84,
      w = W / all;
    const soFar = (one) => (one.whole ? one.year : CD.t("{year} so far", { year: one.year }));
    const svg = s("svg", { viewBox: `0 0 ${W} ${H + 16}`, class: "stack", role: "img", "aria-label": CD.t("Contacts by channel and year") });
    years.forEach((one, y) => {
      let base = H;
      one.counts.forEach((n, c) => {
        const tall = (H * n) / high, said = CD.word("channel", CD.shelves.channels[c]) + ", " + soFar(one) + ": " + CD.number(n);
        base -= tall;
        svg.append(s("rect", { x: y * w + 2, width: w - 4, y: base, height: tall, class: one.whole ? "" : "so-far",
          style: "fill:var(--channel-" + CD.shelves.channels[c] + ")" }, s("title", {}, said)));
      });
      svg.append(s("text", { x: y * w + w / 2, y: H + 13, class: "year" }, one.year));
    });
    const last = years[years.length - 1], sum = last.counts.reduce((a, b) => a + b, 0);
    const note = CD.tn("{year}: {n} contact", "{year}: {n} contacts", sum, { year: soFar(last) });
    return h("div", {}, svg, h("p", { class: "small" }, note), h("p", { class: "key small" }, CD.shelves.channels.map((c) => h("span", {}, h("i", { class: "box", style: "background:var(--channel-" + c + ")" }), CD.word("channel", c)))));
  }

  function treaty(film, one, month) {
    const type = film.types[one.type], part = CD.partOf("agreement", type.name), plane = one.talk >= 0 && CD.tables ? CD.tables[one.talk] : null;
    const parties = CD.partiesOf(one);
    const stages = [[CD.t("signed"), one.signed], ...one.parties.filter((p) => p[2] > 0 && p[6] !== null).map((p) => [CD.t("{name} decides ({how})", { name: film.name(p[0]), how: CD.plain(film.words.institution[p[2]]) }), p[6]]), [CD.t("in force"), one.force], [CD.t("ended"), one.ended]].filter(([, m]) => m !== null && m <= CD.limit());
    return h("div", {}, back(), h("h2", {}, h("button", { type: "button", class: "term", onclick: () => CD.openPart("agreement", type.name) }, CD.title(part))), h("p", { class: "parties" }, parties.slice(0, 12).map((p, n) => [n ? " – " : "", link(film, p), type.roles[n] && parties.length === 2 ? h("span", { class: "small" }, " " + CD.plain(type.roles[n]).toLowerCase()) : ""]), parties.length > 12 ? " …" : ""),
      h("p", { class: "small" }, CD.sentence(part)), parties.length === 2 ? ask(film, parties) : null,
      (part.does || []).length ? h("p", { class: "small", title: part.does.map(CD.sentence).join(" ") }, CD.t("What it does") + ": " + part.does.map((one) => CD.title(one)).join(", ").toLowerCase()) : null,
      CD.lifePanel(film, film.treatyAt.get(one.id), month),
      bargain(film, one.talk, plane), h("h3", {}, CD.term("text", CD.t("Text, issue by issue"))), issues(film, one.type, one.text, plane, part, parties),
      h("h3", {}, CD.t("Stages")), h("ol", { class: "stages" }, stages.map(([name, m]) => h("li", { class: m <= month ? "past" : "future" }, h("span", {}, name), h("b", {}, date(film, m))))),
      one.stage === "terminated" ? h("p", { class: "bad" }, CD.t("It fell before or after entering into force.")) : null,
      one.commitment > 0 ? facts([[CD.t("Committed"), CD.withUnit(one.commitment, "USD")]]) : null);
  }
  /* A bar for each issue: the level agreed, and where each side alone would have put it. */
  function issues(film, type, text, plane, part, parties) {
    const names = film.types[type].issues;
    return h("div", { class: "issues" }, names.map((issue, k) => h("div", {}, h("span", { title: ((part.meaning || {})[issue] || [])[0] || "" }, CD.word("issue", issue)),
      h("i", { class: "rail", style: "--v:" + (text ? text[k] : 0) }, text && text[k] !== null ? h("u", {}) : null, plane ? plane.ideal.map((side, n) => side && h("em", { class: "side" + n, style: "left:" + 100 * side[k] + "%", title: film.name(parties[n]) })) : null), h("b", {}, text ? CD.number(text[k], 2) : "–"))),
      plane ? h("p", { class: "key small" }, [0, 1].filter((n) => plane.ideal[n]).map((n) => h("span", {}, h("em", { class: "side" + n }), CD.t("ideal point of {name}", { name: film.name(parties[n]) })))) : null);
  }
  function talk(film, n, month) {
    const t = film.talks[n], plane = CD.tables ? CD.tables[n] : null, part = CD.partOf("agreement", film.types[t[0]].name);
    const treaty = film.instruments.find((one) => one.talk === n);
    return h("div", {}, back(), h("h2", {}, CD.t("Talks: {type}", { type: CD.title(part) })),
      h("p", { class: "parties" }, link(film, t[1]), " – ", link(film, t[2])), ask(film, [t[1], t[2]]),
      facts([[CD.t("Opened"), date(film, t[4])], [CD.t("Opened by"), film.name(t[3])], [CD.t("Closed"), t[5] === null ? (film.lived === undefined ? CD.t("still open at the end") : CD.t("still open")) : date(film, t[5])], [CD.t("Contacts in all"), CD.number(t[9].reduce((a, b) => a + b, 0))]]),
      treaty ? h("p", {}, h("button", { type: "button", class: "link", onclick: () => CD.pick("treaty:" + treaty.id) }, CD.t("What was signed"))) : null,
      bargain(film, n, plane), plane ? [h("h3", {}, plane.own === undefined ? CD.t("What each side wanted") : CD.t("What you want")), issues(film, t[0], treaty ? treaty.text : null, plane, part, [t[1], t[2]])] : null);
  }
  function bargain(film, n, plane) {
    const own = CD.ownTable(film, n, plane);
    if (own) return own;
    if (n < 0) return h("p", { class: "small" }, CD.t("It was not bargained in this run: it stood at the start, or many parties made it at one table."));
    if (CD.partOf("agreement", film.types[film.talks[n][0]].name).screened)
      return h("p", { class: "small" }, CD.t("This is not bargained over. One side looks at the other's law and then decides. So there is no table to show."));
    if (!CD.tables) return h("p", { class: "small" }, CD.t("The bargaining plane is loading."));
    if (plane) return [h("h3", {}, CD.term("frontier", CD.t("At the table"))), CD.plane(film, n, plane)];
    return h("p", { class: "small" },
      CD.t("These talks are still open where the film ends, so there is no table to show."));
  }
})();

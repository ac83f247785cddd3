/* The life of an agreement as a line, with what it replaced and what replaced it; and how long agreements last. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);
  const STEP = 13, CASE = 11;
  const OUTCOMES = [CD.N("pending"), CD.N("upheld"), CD.N("struck down"), CD.N("moot, as the agreement had ended or fallen")];
  const COMPLAINED = [CD.N("people complained {when}"), CD.N("a parliament complained {when}")];
  const LEVELS = [[0.02, CD.N("nothing")], [0.35, CD.N("little")], [0.65, CD.N("half")], [0.98, CD.N("much")], [Infinity, CD.N("all")]];

  /* An agreement with all that it replaced and all that replaced it, in order of signature. */
  CD.chainOf = function (film, k) {
    const found = new Set([k]), fresh = [k];
    while (fresh.length) {
      const at = fresh.pop(), near = film.instruments.map((_, n) => n).filter((n) => film.instruments[n].before === film.instruments[at].id);
      if (film.treatyAt.has(film.instruments[at].before)) near.push(film.treatyAt.get(film.instruments[at].before));
      for (const n of near) if (!found.has(n)) { found.add(n); fresh.push(n); }
    }
    const from = (n) => (film.instruments[n].signed === null ? -Infinity : film.instruments[n].signed);
    return [...found].filter((n) => film.instruments[n].signed === null || film.instruments[n].signed <= CD.limit()).sort((a, b) => from(a) - from(b) || a - b);
  };
  /* What happened to an agreement and in its talks, as far as lived. */
  CD.momentsOf = function (film, k) {
    const one = film.instruments[k], told = film.lives ? film.lives[k].reviews : [];
    const mine = film.events.filter((e) => e[6] === k || (e[6] < 0 && one.talk >= 0 && e[5] === one.talk));
    return [...told, ...mine].filter((e) => e[0] <= CD.limit()).map((e, n) => [e, n]).sort((a, b) => a[0][0] - b[0][0] || a[1] - b[1]).map(([e]) => e);
  };
  CD.suspendedOf = function (film, moments, end) {
    const out = [];
    let since = null;
    for (const e of moments) {
      const name = film.words.event[e[1]];
      if (name === "suspension" && since === null) since = e[0];
      else if (name === "resumption" && since !== null) { out.push([since, e[0]]); since = null; }
    }
    return since === null ? out : [...out, [since, end]];
  };
  const openedOf = (film, one) => (one.talk >= 0 && film.talks[one.talk] ? film.talks[one.talk][4] : null);
  const casesOf = (film, k) => (film.lives ? film.lives[k].cases : []);
  const past = (month) => (month === null || month > CD.limit() ? null : month);
  /* Everything that the line of one agreement is drawn from. */
  function lived(film, k) {
    const one = film.instruments[k], moments = CD.momentsOf(film, k), last = past(one.ended) === null ? CD.limit() + 1 : one.ended;
    const off = CD.suspendedOf(film, moments, last), on = [];
    let since = past(one.force);
    if (since !== null) { for (const [from, until] of off) { on.push([since, from]); since = until; } on.push([since, last]); }
    return { k, one, moments, last, off, on, opened: openedOf(film, one), cases: casesOf(film, k) };
  }

  /* The picture: a row for each agreement, on one axis of years. */
  CD.lifeLine = function (film, chain, month, W) {
    const rows = chain.map((k) => lived(film, k));
    const dates = rows.flatMap((row) => [row.opened, row.one.signed, row.one.force, row.last, ...row.moments.map((e) => e[0])]).filter((m) => m !== null);
    const low = Math.min(...dates), high = Math.max(...dates, low + 12), x = (m) => 9 + ((m - low) * (W - 18)) / (high - low);
    const parts = [], said = [];
    let y = 0;
    rows.forEach((row, n) => {
      const levels = [], place = new Map();
      row.moments.forEach((e) => {
        if (!CD.markFor(film, e)) return;
        let level = levels.findIndex((at) => x(e[0]) - at >= STEP);
        if (level < 0) level = levels.length;
        levels[level] = x(e[0]);
        place.set(e, level);
      });
      const top = y + (W > 600 ? 20 : 4) + STEP * Math.max(0, levels.length - 1) + 12, type = film.types[row.one.type].name;
      if (W > 600) parts.push(s("text", { x: 9, y: y + 13, class: "life-name" }, (n + 1) + ". " + CD.spanWords(film, row.one)));
      const line = (from, until, cls) => (from === null || until <= from ? null : s("line", { x1: x(from), x2: x(until), y1: top, y2: top, class: cls, style: "stroke:var(--type-" + type + ",var(--ink))" }));
      const signed = past(row.one.signed), force = past(row.one.force);
      parts.push(line(row.opened, signed === null ? row.last : signed, "life-talks"), line(signed, force === null ? row.last : force, "life-signed"),
        row.on.map(([a, b]) => line(a, b, "life-force")), row.off.map(([a, b]) => line(a, b, "life-off")));
      row.moments.forEach((e) => {
        const shown = CD.markFor(film, e);
        if (!shown) return;
        const d = CD.markPath(shown.mark, x(e[0]), top - STEP * place.get(e), 4.5);
        parts.push(s("path", { class: "life-halo", d }), s("path", { class: CD.markClass(shown.mark) + (CLOSED.includes(shown.mark) ? " closed-mark" : ""), d,
          onclick: () => CD.go(Math.max(0, e[0])), onmouseenter: (at) => CD.showTip(at, CD.eventWords(film, e)), onmouseleave: () => CD.hideTip() }));
      });
      let below = top + 12;
      for (const told of row.cases.filter((one) => one[0] <= CD.limit())) {
        const until = Math.min(told[1], CD.limit());
        parts.push(s("line", { x1: x(Math.max(low, told[0])), x2: x(Math.min(high, until)), y1: below, y2: below, class: "life-case",
          onmouseenter: (at) => CD.showTip(at, [CD.caseWords(film, told)]), onmouseleave: () => CD.hideTip() }));
        below += CASE;
      }
      said.push(CD.spanWords(film, row.one) + ": " + row.moments.filter((e) => CD.markFor(film, e)).map((e) => CD.saidOf(CD.markFor(film, e)) + " " + CD.monthName(film, e[0], true)).join(", "));
      y = below + 6;
    });
    const H = y + 18, first = Number(film.start.slice(0, 4)), offset = Number(film.start.slice(5)) - 1, years = (high - low) / 12;
    const every = [1, 2, 5, 10, 20].find((one) => years / one <= W / 60) || 50;
    for (let m = low; m <= high; m++) {
      const year = first + (m + offset) / 12;
      if (Number.isInteger(year) && year % every === 0) parts.unshift(s("line", { x1: x(m), x2: x(m), y1: 0, y2: H - 16, class: "life-year" }), s("text", { x: x(m), y: H - 3, class: "year", "text-anchor": "middle" }, year));
    }
    if (month >= low && month <= high) parts.push(s("line", { x1: x(month), x2: x(month), y1: 0, y2: H - 16, class: "life-now" }));
    return s("svg", { viewBox: `0 0 ${W} ${H}`, class: "life-line", role: "img", "aria-label": said.join(". ") }, parts);
  };
  const CLOSED = ["ring", "box", "diamond", "slashed", "crossed_box", "right"];
  /* Marks of a picture, each once, as they come. */
  CD.lifeKey = function (film, chain) {
    const drawn = new Map();
    for (const k of chain) for (const e of CD.momentsOf(film, k)) { const shown = CD.markFor(film, e); if (shown) drawn.set(shown.mark + CD.saidOf(shown), shown); }
    return h("p", { class: "key small" }, [["life-talks", CD.t("talks")], ["life-signed", CD.t("signed")], ["life-force", CD.t("in force")], ["life-off", CD.t("suspended")]].map(([cls, text]) => h("span", {}, s("svg", { viewBox: "0 0 18 8", width: 18, height: 8, "aria-hidden": "true" }, s("line", { x1: 0, x2: 18, y1: 4, y2: 4, class: cls })), " ", text)),
      [...drawn.values()].map((shown) => h("span", {}, CD.shape(shown.mark), CD.saidOf(shown))));
  };

  CD.spanWords = function (film, one) {
    const who = CD.treatyWords(film, one).reverse().join(", "), when = (m) => CD.monthName(film, m, true);
    if (past(one.force) === null) return who + ", " + (past(one.signed) === null ? CD.t("not in force") : CD.t("signed {when}, not in force", { when: when(one.signed) }));
    return who + ", " + (past(one.ended) === null ? CD.t("in force since {when}", { when: when(one.force) }) : CD.t("in force {from} to {until}", { from: when(one.force), until: when(one.ended) }));
  };
  CD.levelWords = (v) => CD.t(LEVELS.find(([bound]) => v <= bound)[1]);
  const inYears = (n) => CD.tn("{n} year", "{n} years", n);
  const months = (n) => CD.tn("{n} month", "{n} months", n);
  CD.clauseWords = function (one) {
    const [term, renewal, review, notice, disputes] = one.clauses;
    return [[CD.t("Term"), term === null ? CD.t("no end of its own") : months(term)], [CD.t("Renewal"), renewal === null ? CD.t("none") : months(renewal)],
      [CD.t("Review"), review === null ? CD.t("none") : CD.t("every {time}", { time: months(review) })], [CD.t("Notice to leave"), notice === null ? CD.t("the text says nothing") : months(notice)],
      [CD.t("Disputes"), disputes ? CD.t("a procedure that either can start") : CD.t("no procedure")]];
  };
  CD.caseWords = function (film, told) {
    const [filed, due, outcome, plaintiff, court, margin, asked] = told, known = due <= CD.limit() ? outcome : 0;
    const by = court >= 0 && (known === 1 || known === 2) ? CD.t("by the court of {name}", { name: film.name(court) }) : "";
    const passed = by && margin !== null ? CD.t("the text passed the tests by {n}, the court asked for {m}", { n: CD.number(margin, 2), m: CD.number(asked, 2) }) : "";
    return [CD.t(COMPLAINED[plaintiff], { when: CD.shortDate(film, filed) }),
      [CD.t(OUTCOMES[known]), known ? CD.shortDate(film, due) : ""].filter(Boolean).join(" "), by, passed].filter(Boolean).join("; ");
  };
  /* One agreement in words: text, clauses, what it carried and was worth, cases, and what happened. */
  CD.lifeWords = function (film, k, number) {
    const one = film.instruments[k], told = film.lives ? film.lives[k] : null, names = CD.partiesOf(one).map((p) => film.name(p)), issues = film.types[one.type].issues;
    const worth = (pair, when) => (pair ? [CD.t(when), pair.map((v, n) => (names[n] || "") + " " + CD.t("{n} bp", { n: CD.number(v, 2) })).join(", ")] : null);
    const over = CD.limit() + 1 === film.months, rows = [
      ...issues.map((issue, n) => [CD.word("issue", issue), one.text[n] === null ? "–" : CD.levelWords(one.text[n]) + " (" + CD.number(one.text[n], 2) + ")"]), ...CD.clauseWords(one),
      told && over && told.carried ? [CD.t("Digital trade between the two while in force"), CD.withUnit(told.carried, "USD")] : null, told && over && told.carried ? [CD.t("of which it added"), told.added ? CD.withUnit(told.added, "USD") : CD.t("nothing")] : null,
      told && over && told.firms >= 1 ? [CD.t("Firms certified"), CD.number(Math.round(told.firms))] : null, told && over ? worth(told.gain, CD.N("Worth at signature")) : null, told && over ? worth(told.value, CD.N("Worth when last looked at")) : null,
      ...casesOf(film, k).filter((each) => each[0] <= CD.limit()).map((each) => [CD.t("Case"), CD.caseWords(film, each)])].filter(Boolean);
    const moments = CD.momentsOf(film, k).map((e) => {
      const shown = CD.markFor(film, e), words = CD.eventWords(film, e)[1].split(", ").slice(1).join(", ");
      return h("li", {}, h("button", { type: "button", class: "link", onclick: () => CD.go(Math.max(0, e[0])) }, CD.monthName(film, e[0], true)), " ", shown ? [CD.shape(shown.mark), " "] : null, words);
    });
    return h("section", { class: "life-words" }, h("h3", {}, (number ? number + ". " : "") + CD.spanWords(film, one)), CD.factList(rows), h("ol", { class: "list" }, moments));
  };

  /* The part of an agreement's panel: its line, and the door to the whole. */
  CD.lifePanel = function (film, k, month) {
    const chain = CD.chainOf(film, k);
    return [h("h3", {}, CD.t("Its life")), chain.length > 1 ? h("p", { class: "small" }, CD.tn("{n} agreement, one after the other", "{n} agreements, one after the other", chain.length)) : null, CD.lifeLine(film, chain, month, 336),
      h("p", {}, h("button", { type: "button", onclick: () => CD.openLife(film, k) }, CD.t("The whole life, with its text and clauses")))];
  };
  const stirring = ["complaint", "ruling", "breach_found", "suspension", "denunciation", "annulment", "termination", "succession"];
  /* The whole life of one, chosen here or by a click elsewhere; those to which most happened come first. */
  CD.openLife = function (film, wanted) {
    const body = h("div", { class: "life" }), seen = new Set(), chains = [];
    film.instruments.forEach((_, k) => { if (seen.has(k)) return; const chain = CD.chainOf(film, k); chain.forEach((n) => seen.add(n)); if (chain.length) chains.push(chain); });
    const stirs = (chain) => chain.length + chain.reduce((sum, k) => sum + CD.momentsOf(film, k).filter((e) => stirring.includes(film.words.event[e[1]])).length, 0);
    const order = chains.map((chain) => [stirs(chain), chain]).sort((a, b) => b[0] - a[0]).map(([, chain]) => chain);
    const draw = (k) => { const chain = CD.chainOf(film, k); CD.fill(body, CD.lifeLine(film, chain, CD.state.month, 980), CD.lifeKey(film, chain), chain.map((n, at) => CD.lifeWords(film, n, chain.length > 1 ? at + 1 : 0))); };
    const all = order.flat();
    if (!all.length) return CD.dialog(CD.t("Lives of agreements"), h("p", {}, CD.t("Nothing has been signed.")), true);
    const at = wanted === undefined ? all[0] : wanted;
    const choice = h("select", { "aria-label": CD.t("Agreement"), onchange: (e) => draw(Number(e.target.value)) }, all.map((k) => h("option", { value: k, selected: k === at }, CD.spanWords(film, film.instruments[k]))));
    draw(at);
    return CD.dialog(CD.t("Lives of agreements"), h("div", {}, h("p", {}, choice), body), true);
  };

  /* The share still there by age (Kaplan and Meier), with late entry and Greenwood's pointwise interval of 95 per cent;
     a spell is the age from which it is seen, the age until which, and whether it then ended. */
  CD.atRisk = (spells, age) => spells.filter(([from, until]) => (from < age || (from === 0 && age === 0)) && until >= age).length;
  CD.survival = function (spells) {
    const ages = [...new Set(spells.filter((one) => one[2]).map((one) => one[1]))].sort((a, b) => a - b), out = [[0, 1, 1, 1]];
    let share = 1, spread = 0;
    for (const age of ages) {
      const n = CD.atRisk(spells, age), d = spells.filter(([from, until, ended]) => ended && until === age && from < Math.max(age, 1)).length;
      if (!n || !d) continue;
      share *= 1 - d / n;
      spread += d < n ? d / (n * (n - d)) : Infinity;
      const wide = Number.isFinite(spread) ? 1.959964 * share * Math.sqrt(spread) : 1;
      out.push([age, share, Math.max(0, share - wide), Math.min(1, share + wide)]);
    }
    return out;
  };
  /* How long what was in force has lasted by a month, by type; what is to come is not counted. */
  CD.spellsOf = function (film, month) {
    const found = new Map();
    for (const one of film.instruments) {
      if (one.force === null || one.force > month) continue;
      const over = one.ended !== null && one.ended <= month, spell = [Math.max(0, -one.force), (over ? one.ended : month + 1) - one.force, over];
      found.set(one.type, [...(found.get(one.type) || []), spell]);
    }
    return [...found].sort((a, b) => b[1].length - a[1].length);
  };
  const DASHES = ["", "7 4", "2 3", "7 3 2 3", "12 5", "12 4 2 4", "10 2 2 2"];
  CD.survivalPicture = function (film, month) {
    const found = CD.spellsOf(film, month);
    if (!found.length) return h("p", { class: "small" }, CD.t("Nothing was in force, so nothing could last."));
    const W = 980, LEFT = 260, PLOT = 280, ROW = 19, years = Math.max(1, Math.ceil(Math.max(...found.flatMap(([, spells]) => spells.map((one) => one[1]))) / 12));
    const x = (age) => LEFT + (age / 12) * ((W - LEFT - 20) / years), y = (share) => 10 + (1 - share) * PLOT, parts = [], said = [];
    for (const share of [0, 0.25, 0.5, 0.75, 1]) parts.push(s("line", { x1: LEFT, x2: W - 20, y1: y(share), y2: y(share), class: "life-year" }), s("text", { x: LEFT - 6, y: y(share) + 4, class: "year", "text-anchor": "end" }, CD.number(100 * share) + " %"));
    const every = [1, 2, 5, 10, 20].find((one) => years / one <= 8) || 50, foot = 10 + PLOT;
    for (let year = 0; year <= years; year += every) parts.push(s("text", { x: x(12 * year), y: foot + 18, class: "year", "text-anchor": "middle" }, year));
    parts.push(s("text", { x: (LEFT + W) / 2, y: foot + 36, class: "year", "text-anchor": "middle" }, CD.t("years since entry into force")), s("text", { x: 0, y: foot + 36, class: "year" }, CD.t("At risk")));
    found.forEach(([type, spells], n) => {
      const curve = CD.survival(spells), end = Math.max(...spells.map((one) => one[1])), colour = "var(--type-" + film.types[type].name + ",var(--ink))", dash = DASHES[n % DASHES.length];
      const step = (at) => curve.map((one, k) => (k ? "H" + x(one[0]).toFixed(1) + "V" : "M" + x(0) + " ") + y(one[at]).toFixed(1)).join("") + "H" + x(end).toFixed(1);
      const back = [...curve].reverse().map((one, k) => "V" + y(one[2]).toFixed(1) + "H" + x(one[0]).toFixed(1)).join("");
      parts.push(s("path", { d: step(3) + back + "Z", style: "fill:" + colour + ";fill-opacity:.1" }), s("path", { d: step(1), style: "fill:none;stroke-width:2.2px;stroke:" + colour, "stroke-dasharray": dash }));
      const at = foot + 54 + ROW * n, title = CD.titleOf("agreement", film.types[type].name);
      parts.push(s("line", { x1: 0, x2: 20, y1: at - 4, y2: at - 4, style: "stroke-width:2.2px;stroke:" + colour, "stroke-dasharray": dash }), s("text", { x: 26, y: at, class: "life-name" }, title));
      for (let year = 0; year <= years; year += every) parts.push(s("text", { x: x(12 * year), y: at, class: "life-name", "text-anchor": "middle" }, CD.atRisk(spells, 12 * year)));
      // No further than the oldest has been seen.
      const age = Math.min(10, Math.floor(end / 12));
      said.push(title + ": " + CD.t("{n} % of {all} still in force after {time}", { n: CD.number(100 * shareAt(curve, 12 * age), 2), all: CD.number(spells.length), time: inYears(age) }));
    });
    return h("div", { class: "life" }, s("svg", { viewBox: `0 0 ${W} ${foot + 54 + ROW * found.length}`, class: "life-line", role: "img", "aria-label": said.join(". ") }, parts), h("p", { class: "small" }, said.join(". ") + "."),
      h("p", { class: "small" }, CD.t("As known in {when}. What is in force then counts until then; what was in force at the start counts from the age that it had. A suspension is no end; a completion or a replacement is. Shaded: the pointwise interval of 95 per cent.", { when: CD.monthName(film, month) })));
  };
  const shareAt = (curve, age) => curve.filter((one) => one[0] <= age).slice(-1)[0][1];
  CD.openSurvival = (film) => CD.dialog(CD.t("How long agreements last"), CD.survivalPicture(film, CD.state.month), true);
})();

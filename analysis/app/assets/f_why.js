/* Why these two, why not those two: for any pair and month what bars talks, and what each would gain, term by term.

   The server asks the model itself; whatever bars and terms there are come with their own words in both languages. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);

  /* Answers by view; what was told last stays, faint, until the next is there. */
  const known = new Map(), MOST = 400, folded = new Map();
  let last = null, said = "", question = null;

  /* The two codes of a picked pair, empty where one is still to be chosen; null where no pair is picked. */
  CD.pairOf = function () {
    const [kind, id] = CD.split(CD.state.pick);
    if (kind !== "pair") return null;
    const codes = id.split(",").map((code) => (CD.film.index.has(code) ? code : "")), [one = "", other = ""] = codes;
    return [one, other === one ? "" : other];
  };
  const pickOf = (one, other) => "pair:" + (one || "") + "," + (other || "");
  /* The parties that a pick stands for: one of a state, two of a pair. */
  CD.pickedParties = function (film) {
    const [kind, code] = CD.split(CD.state.pick);
    const codes = kind === "state" ? [code] : kind === "pair" ? code.split(",") : [];
    return codes.filter((one) => film.index.has(one)).map((one) => film.index.get(one));
  };
  /* While one of a pair is still to be chosen, who is clicked becomes it. */
  CD.completed = function (pick) {
    const pair = CD.pairOf(), [kind, code] = CD.split(pick);
    if (!pair || kind !== "state" || (pair[0] && pair[1])) return pick;
    if (!pair[0]) return pickOf(code === pair[1] ? "" : code, pair[1]);
    return code === pair[0] ? CD.state.pick : pickOf(pair[0], code);
  };
  CD.whyButton = (one, other, text) => h("button", { type: "button", class: "why-ask",
    onclick: () => CD.pick(pickOf(one || picked(), other)) }, text || CD.t("Why these two?"));

  /* Who asks with a state selected asks about it. */
  const picked = () => { const [kind, code] = CD.split(CD.state.pick); return kind === "state" ? code : ""; };

  /* While somebody chooses, the server lives the run once, so that the answer to any month is there at once. */
  function prepared(film) {
    if (CD.replayed || film.game || film.prepared) return;
    film.prepared = true;
    const [one, other] = film.parties.map((party) => party.code);
    CD.postJson("data/why", { one, other, month: null, words: CD.state.words }).catch(() => null);
  }

  CD.whyPanel = function (film, month) {
    const [one, other] = CD.pairOf(), full = one && other;
    if (!full) prepared(film);
    return h("div", { class: "why" },
      h("button", { type: "button", class: "quiet back", onclick: () => CD.pick("") }, "← " + CD.t("The world")),
      h("h2", {}, full ? CD.t("Why these two: {one} and {other}", { one: named(one), other: named(other) })
        : CD.t("Why these two, why not those two?")),
      h("p", { class: "two-lists" }, list(film, 0, [one, other]), " ", list(film, 1, [one, other])),
      full ? answered(film, month, one, other)
        : h("p", {}, !one && !other ? CD.t("Choose two states or blocs: click them on the map or the graph, or take them from the lists.")
          : CD.t("Now choose the other: click a state on the map or the graph, or take it from the list.")));
  };
  const named = (code) => (CD.film.index.has(code) ? CD.film.name(CD.film.index.get(code)) : code);
  function list(film, side, pair) {
    const words = side ? CD.t("Second") : CD.t("First");
    const order = film.parties.map((party, k) => [film.name(k), party.code]).filter(([, code]) => code !== pair[1 - side])
      .sort((a, b) => a[0].localeCompare(b[0], CD.lang));
    const pick = (code) => {
      const next = side ? [pair[0], code] : [code, pair[1]];
      CD.state.pick = "";
      CD.pick(pickOf(...next));
      back("list" + side);
    };
    return h("label", {}, words, " ", h("select", { "data-keep": "list" + side, onchange: (e) => pick(e.target.value) },
      h("option", { value: "", selected: !pair[side] }, "–"),
      order.map(([name, code]) => h("option", { value: code, selected: code === pair[side] }, name))));
  }
  const back = (keep) => { const found = document.querySelector('.why [data-keep="' + keep + '"]'); if (found) found.focus(); };

  /* What is asked of the server: a game is asked by its key, and tells its player what its player may know. */
  function asked(film, month, one, other) {
    const label = CD.monthLabel(film, month), now = film.game && month === CD.limit();
    return { name: [film.game || film.key, label, one, other].join(" "), label,
      path: film.game ? "data/game/" + film.game + "/why" : "data/why",
      body: { one, other, month: now ? null : label, ...(film.game ? {} : { words: CD.state.words }) } };
  }
  function answered(film, month, one, other) {
    const what = asked(film, month, one, other), pair = one + "," + other;
    const told = CD.replayed ? ((window.CD_REPLAY.pairs || {})[pair] || [])[month] : known.get(what.name);
    if (told && told.error) return h("p", { class: "fault" }, told.error);
    if (told) {
      last = { pair, told };
      return h("div", {}, answer(film, told));
    }
    if (CD.replayed) {
      return h("p", { class: "small" }, CD.t("This file holds the answer only for the pair that was shown when it was made. The page itself answers for any."));
    }
    question = question || CD.latest((wish) => CD.postJson(wish.path, wish.body).catch((fault) => ({ error: fault.message }))
      .then((found) => keep(wish, found)), arrived);
    // After this picture is drawn, so that the answer does not come into its making.
    setTimeout(() => question(what), 0);
    const old = last && last.pair === pair ? answer(film, last.told) : h("p", { class: "small" }, CD.t("The model is being asked."));
    return h("div", { class: "waits", "aria-busy": "true" }, old);
  }
  function keep(wish, found) {
    known.set(wish.name, found);
    if (known.size > MOST) known.delete(known.keys().next().value);
    return found;
  }
  /* Draw the panel anew with the answer; who listens hears the verdict once. */
  function arrived(found) {
    const pair = CD.pairOf();
    if (!pair) return;
    CD.serial += 1;
    CD.paint();
    if (said === pair.join() || found.error) return;
    said = pair.join();
    CD.parts.live.textContent = verdict(found);
  }

  /* All in one sentence: on what talks may open. */
  function verdict(told) {
    const open = told.types.filter((kind) => !kind.bars.length).map((kind) => CD.title(kind));
    if (told.seat) return open.length ? CD.t("No rule that you can read bars talks on: {types}.", { types: open.join(", ") }) : CD.t("No new talks may open between them now.");
    return open.length ? CD.t("Talks may open on: {types}.", { types: open.join(", ") }) : CD.t("No new talks may open between them now.");
  }
  function answer(film, told) {
    const at = CD.monthIndex(film, told.month), theirs = told.seat && told.seat !== told.one && told.seat !== told.other;
    return [h("p", { class: "verdict" }, h("strong", {}, verdict(told)), " ",
      h("span", { class: "small" }, at === null ? CD.t("As the run begins.") : CD.t("As {month} ends.", { month: CD.monthName(film, at) }))),
    theirs ? h("p", { class: "small" }, CD.t("What two others hope for is theirs alone: you see only the rules that everybody can read.")) : null,
    [...told.types].sort((a, b) => weight(a) - weight(b)).map((kind) => ofType(told, kind)),
    theirs ? null : h("p", { class: "key small" }, h("span", {}, h("i", { class: "box gain" }), CD.t("a gain, to the right")), h("span", {}, h("i", { class: "box loss" }), CD.t("a loss, to the left"))),
    theirs ? null : h("p", { class: "small" }, told.seat ? CD.t("Reckoned at the text that you would choose yourself: the most that you could hope for. One bp is a hundredth of one per cent of your own GDP.")
      : CD.t("Reckoned as the parties themselves do before they talk: at the text halfway between what each would choose, and beside what is in force already. One bp is a hundredth of one per cent of a party's own GDP."))];
  }
  /* First what may be talked about, then what would bring something, then the rest. */
  const weight = (kind) => (kind.bars.length ? (kind.ways.some((one) => one.sides) ? 1 : 2) : 0);
  function ofType(told, kind) {
    const free = !kind.bars.length, ways = kind.ways.filter((way) => way.sides), shut = kind.ways.filter((way) => !way.sides);
    const first = kind.best === null ? ways[0] : kind.ways[kind.best], rest = ways.filter((way) => way !== first);
    const key = kind.name, bare = !free && !ways.length, open = folded.has(key) ? folded.get(key) : !bare;
    const hold = (name) => (e) => folded.set(name, e.target.open);
    return h("details", { class: "why-type", open, ontoggle: hold(key) },
      h("summary", { "data-keep": key }, h("i", { class: "line", style: "background:var(--type-" + kind.name + ",var(--ink))" }), CD.title(kind), " ",
        h("span", { class: free ? "mark free" : "mark barred" }, free ? "✓ " + (told.seat ? CD.t("no bar that you can read") : CD.t("talks may open")) : "✗ " + (bare ? sentence(kind, kind.bars[0]) : CD.t("no new talks")))),
      h("p", { class: "small" }, CD.sentence(CD.partOf("agreement", kind.name))),
      free || (bare && kind.bars.length < 2) ? null : h("ol", { class: "bars-told" }, kind.bars.map((bar) => h("li", {}, sentence(kind, bar)))),
      kind.joining.length ? h("ol", { class: "bars-told" }, kind.joining.map((one) => h("li", {}, sentence(kind, one)))) : null,
      first ? way(told, kind, first, rest.length > 0 && kind.best !== null) : null,
      rest.map((one) => h("details", { class: "other-way", open: folded.get(key + "/other") || false, ontoggle: hold(key + "/other") },
        h("summary", { "data-keep": key + "/other" }, CD.t("The other way round")), way(told, kind, one, false))),
      ways.length && shut.length ? h("p", { class: "small" }, shut.map((one) => CD.t("Not the other way round: {roles} is not allowed by this type.", { roles: roles(kind, one) }))) : null,
      free || Object.values(kind.places).some(Boolean) ? hopes(kind) : null,
      free && (!told.seat || kind.places[told.seat]) ? h("p", { class: "small" }, CD.t("That talks may open does not say that they do: it takes a contact, and a free desk on both sides.")) : null);
  }
  /* A bar in its own words, with names in place of codes, and numbers and roles as the page writes them. */
  function sentence(kind, bar) {
    const plain = CD.sentence(bar).replace(/\b[A-Z][A-Z0-9]+\b/g, (code) => named(code));
    const told = plain.replace(/\b\d+(\.\d+(e[+-]?\d+)?|e[+-]?\d+)/g, (number) => CD.number(Number(number), 3));
    const text = rolesOf(kind).reduce((words, name) => words.replace(new RegExp("\\b" + name + "\\b", "g"), role(name)), told);
    return text.charAt(0).toUpperCase() + text.slice(1) + ".";
  }
  const rolesOf = (kind) => (CD.film.types.find((type) => type.name === kind.name) || { roles: ["", ""] }).roles;
  const role = (name) => CD.plain(name).toLowerCase();
  function roles(kind, one) {
    const told = rolesOf(kind);
    return CD.t("{one} as {first}, {other} as {second}", { one: named(one.first), first: role(told[0]), other: named(one.second), second: role(told[1]) });
  }
  function way(told, kind, one, chosen) {
    const secret = one.sides.findIndex((side) => side === null);
    return h("div", { class: "way" }, h("p", { class: "roles" }, roles(kind, one), chosen ? h("span", { class: "small" }, " · " + CD.t("the better way, which decides")) : null),
      one.sides.filter(Boolean).map((side) => chart(side, Boolean(told.seat))),
      one.sides.some((side) => side && side.partly) ? h("p", { class: "small" }, CD.t("What would tell of the other side's gains is left out of this sum.")) : null,
      secret < 0 ? null : h("p", { class: "small" }, CD.t("What {name} would gain is its own secret.", { name: named(secret ? one.second : one.first) })));
  }
  /* The terms of one side, gains first, and what they add up to: a table whose middle column is a picture. */
  function chart(side, most) {
    const terms = [...side.terms].sort((a, b) => b.bp - a.bp), all = [0, side.bp, ...terms.map((term) => term.bp)];
    const low = Math.min(...all), high = Math.max(...all), span = high - low || 1, size = Math.max(Math.abs(low), Math.abs(high));
    const decimals = size > 0 ? Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(size)))) : 0, at = (v) => (100 * (v - low)) / span;
    const bar = (v) => h("span", { class: "rail", "aria-hidden": "true" }, h("i", { class: v < 0 ? "loss" : "gain", style: "left:" + at(Math.min(v, 0)).toFixed(2) + "%;width:" + ((100 * Math.abs(v)) / span).toFixed(2) + "%" }),
      h("u", { style: "left:" + at(0).toFixed(2) + "%" }));
    const row = (title, v, cls, what) => h("tr", { class: cls }, h("th", { scope: "row", title: what || null }, title), h("td", {}, bar(v)), h("td", {}, signed(v, decimals)));
    return h("table", { class: "why-terms" }, h("caption", {}, h("strong", {}, named(side.party)), " ",
      h("span", {}, sum(side, { bp: signed(Math.abs(side.bp), decimals, true), usd: CD.withUnit(Math.abs(side.usd), "USD") }, most))),
    h("thead", { class: "unseen" }, h("tr", {}, h("th", { scope: "col" }, CD.t("What it comes from")), h("th", { scope: "col" }, CD.t("Bar")), h("th", { scope: "col" }, CD.t("bp of GDP a year")))),
    h("tbody", {}, terms.map((term) => row(CD.title(term), term.bp, "", CD.sentence(CD.wordOf("issue", term.name) || {})))),
    h("tfoot", {}, row(CD.t("in all"), side.bp, "sum")));
  }
  function sum(side, values, most) {
    if (most) return side.bp < 0 ? CD.t("would lose at least {bp} bp of its GDP a year ({usd})", values) : CD.t("could gain at most {bp} bp of its GDP a year ({usd})", values);
    return side.bp < 0 ? CD.t("would lose {bp} bp of its GDP a year ({usd})", values) : CD.t("would gain {bp} bp of its GDP a year ({usd})", values);
  }
  function signed(value, decimals, bare) {
    const v = Number(value.toFixed(decimals)) || 0;
    const text = new Intl.NumberFormat(CD.lang === "id" ? "id-ID" : "en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(v).replace("-", "−");
    return v > 0 && !bare ? "+" + text : text;
  }
  /* How each ranks the other among those who promise it something. */
  function hopes(kind) {
    const pair = CD.pairOf(), told = pair.filter((code) => code in kind.places);
    return told.length ? h("p", { class: "small" }, told.map((code, n) => {
      const place = kind.places[code];
      const values = { name: named(code), other: named(pair.find((one) => one !== code)), n: CD.number(place) };
      return (n ? " " : "") + (place ? CD.t("Among the hopes of {name}, {other} is number {n}.", values) : CD.t("{other} promises {name} nothing.", values));
    })) : null;
  }
})();

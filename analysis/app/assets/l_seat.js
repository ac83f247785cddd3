/* A seat at the table: what lies before it, its moves, and how it does beside the model's own play on the same luck. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);
  const unfolded = new Set();
  CD.seat = null;
  CD.serial = 0;

  /* The last month that may be seen: the film of a game that goes on ends where its player stands. */
  CD.limit = () => Math.max(0, (CD.film.lived === undefined ? CD.film.months : CD.film.lived) - 1);

  CD.openSeat = function () {
    if (CD.seat) return leave();
    const film = CD.film, protocols = CD.shelves.parts.protocol;
    const order = film.parties.map((one, k) => k).sort((a, b) => (film.parties[b].bloc ? 1 : 0) - (film.parties[a].bloc ? 1 : 0) || film.name(a).localeCompare(film.name(b), CD.lang));
    const who = h("select", { "aria-label": CD.t("Your seat") }, order.map((k) => h("option", { value: film.parties[k].code, selected: film.parties[k].code === "IDN" }, film.name(k))));
    const talked = Object.keys(protocols).find((name) => protocols[name].rounds), now = CD.state.words.protocol || CD.scenario().protocol.name;
    const rounds = h("input", { type: "checkbox", checked: true });
    const fresh = h("input", { type: "checkbox", checked: !CD.state.words.seed });
    const file = h("input", { type: "file", accept: ".json,application/json", onchange: () => { const chosen = file.files[0]; box.close(); if (chosen) openFile(chosen); } });
    const offered = talked && !protocols[now].rounds;
    const begin = () => {
      box.close();
      const words = { ...CD.state.words };
      if (offered && rounds.checked) words.protocol = talked;
      if (fresh.checked) words.seed = String(1 + (crypto.getRandomValues(new Uint32Array(1))[0] % 999999));
      sit({ words, seat: who.value });
    };
    const box = CD.dialog(CD.t("Take a seat"), h("div", {}, h("p", {}, CD.t("Play a state or a bloc month by month: propose talks, hear real offers, answer them, draw red lines, walk away, and face your own ratifiers. Where you say nothing, the model plays for you.")),
      h("p", {}, h("label", {}, CD.t("Your seat"), " ", who)), offered ? h("p", {}, h("label", {}, rounds, " ", CD.t("Bargain by offers, round by round ({protocol})", { protocol: CD.titleOf("protocol", talked) }))) : null,
      h("p", {}, h("label", {}, fresh, " ", CD.t("On new luck: a world that nobody has watched yet"))),
      h("p", { class: "small" }, CD.t("While you play, the page is sent only what your seat may know. When the last month has been lived it shows all.")),
      h("button", { type: "button", class: "primary", onclick: begin }, CD.t("Sit down")),
      h("h3", {}, CD.t("Or go on with a saved game")), h("p", {}, h("label", {}, CD.t("File of a saved game"), " ", file))));
  };
  async function openFile(file) {
    let tree;
    try { tree = JSON.parse(await file.text()); } catch (fault) { return CD.say(new Error(CD.t("That file is no saved game."))); }
    await sit({ open: tree });
  }
  async function sit(wish) {
    const before = CD.seat;
    CD.seat = { wish, moves: [] };
    const fault = await CD.turn({}, true);
    if (!fault) return;
    CD.seat = before;
    if (fault.message) CD.say(fault);
  }
  function leave() {
    CD.seat = null;
    Object.assign(CD.state, { game: "", seat: "", turn: "", moves: "", pick: "" });
    CD.wish(CD.state.words);
  }

  /* Do something at the table; the answer is the game after it, with its film. What was wrong is said, or returned where one sits down. */
  CD.turn = async function (act, first) {
    const game = CD.seat, st = CD.state, mine = (CD.wishes = (CD.wishes || 0) + 1);
    try {
      const after = await CD.busyWhile(CD.askTurn({ ...(game.key ? { game: game.key } : game.wish), ...act }), null);
      if (mine !== CD.wishes) return null;
      const film = await CD.busyWhile(CD.gameFilm(after.key), null);
      if (mine !== CD.wishes) return null;
      CD.seat = { ...after, saved: null, news: act.live || first ? after.news : game.news || [] };
      CD.serial += 1;
      CD.showGame(film);
      Object.assign(st, { game: after.key, words: after.words, seat: "", turn: "", moves: "" });
      if (!first) st.pick = "";
      await CD.needTrust(st.colour);
      const at = first ? CD.monthIndex(film, st.at) : null;
      st.month = at === null ? CD.limit() : Math.min(at, CD.limit());
      if (after.saved) CD.saveText("cloud-diplomacy-game-" + after.seat + ".json", JSON.stringify(after.saved, null, 1), "application/json");
      CD.render();
      CD.keepAddress(!CD.returning);
      CD.ready = true;
      return null;
    } catch (fault) {
      if (!first && fault.message) CD.say(fault);
      return fault;
    }
  };
  /* Come back to a game that an address names or, in an older one, carries; returns what was wrong, null where nothing was. */
  CD.resumeSeat = async function () {
    const st = CD.state;
    let moves, fault = null;
    try { moves = st.moves ? JSON.parse(st.moves) : []; } catch (wrong) { moves = null; }
    if (!st.game && !Array.isArray(moves)) fault = new Error(CD.t("The moves in this address cannot be read, so the seat is empty."));
    else {
      const turn = /^\d{4}-\d{2}$/.test(st.turn) ? st.turn : null;
      CD.seat = { moves: [], wish: st.game ? { game: st.game } : { words: st.words, seat: st.seat, moves, month: turn } };
      fault = await CD.turn({}, true);
    }
    if (fault) {
      CD.seat = null;
      Object.assign(st, { game: "", seat: "", turn: "", moves: "" });
    }
    return fault;
  };

  CD.seatPanel = function () {
    const game = CD.seat, film = CD.film, me = film.index.get(game.seat);
    const score = game.score, button = (text, act, more) => h("button", { type: "button", ...more, onclick: () => CD.turn(act) }, text);
    return h("div", { class: "seat" }, h("h2", {}, CD.t("You play {name}", { name: film.name(me) })),
      h("p", {}, game.over ? CD.t("The game is over: the page now shows all, both sides of every table too.") : CD.t("{month} lies before you.", { month: monthWords(game.month) })),
      game.over ? null : h("p", { class: "buttons" }, button(CD.t("Live on until something happens"), { live: "until" }, { class: "primary" }), button(CD.t("Live one month"), { live: 1 }), game.moves.some((m) => m.month === game.month) ? button(CD.t("Take this month's moves back"), { take_back: true }) : null),
      news(game), game.over ? null : [h("h3", {}, CD.t("Before you"), h("span", { class: "count" }, game.inbox.length)), game.inbox.length ? game.inbox.map((talk) => card(talk)) : h("p", { class: "small" }, CD.t("No talks are open. Propose some, or live on."))],
      game.openings.length ? [h("h3", {}, CD.t("Whom you could ask")), h("ul", { class: "list" }, game.openings.map((one) => h("li", {}, CD.titleOf("agreement", one.type), ", ", name(one.other), " ", h("span", { class: "small" }, CD.t("hope: {n} bp", { n: CD.number(one.hope, 2) })), " ", h("button", { type: "button", onclick: () => CD.turn({ play: [{ kind: "propose", type: one.type, other: one.other }] }) }, CD.t("Propose")))))] : null,
      h("p", {}, CD.whyButton(game.seat, "", CD.t("Why with some, why not with others?"))), standing(score), CD.placesPanel(film, CD.state.month), game.over ? null : h("p", { class: "small" }, CD.t("You see what every state can read, and your own side of your own tables. What others want, and what they say to each other, is not sent.")),
      h("p", { class: "buttons" }, button(CD.t("Save the game"), { save: true }), h("button", { type: "button", onclick: leave }, CD.t("Leave the seat"))));
  };
  const name = (code) => (CD.film.index.has(code) ? CD.film.name(CD.film.index.get(code)) : code);
  const monthWords = (label) => { const at = CD.monthIndex(CD.film, label); return at === null ? label : CD.monthName(CD.film, at); };

  function standing(score) {
    const row = (text, key) => [h("dt", {}, text), h("dd", {}, CD.number(score.played[key]) + " / " + CD.number(score.model[key]))];
    return h("details", { open: true }, h("summary", {}, CD.t("You / the model in your seat, on the same luck")), h("dl", { class: "facts" }, row(CD.t("signed"), "signed"), row(CD.t("in force"), "in_force"), row(CD.t("refused at home"), "rejected_at_home"), row(CD.t("Gain in force (bp of GDP a year)"), "gain_in_force")),
      h("p", { class: "small" }, score.ahead > 1e-9 ? CD.t("You are ahead by {n} bp.", { n: CD.number(score.ahead, 2) }) : score.ahead < -1e-9 ? CD.t("You are behind by {n} bp.", { n: CD.number(-score.ahead, 2) }) : CD.t("You are level.")));
  }
  function news(game) {
    const told = (game.news || []).slice(-8);
    return told.length ? [h("h3", {}, CD.t("What happened")), h("ul", { class: "list" }, told.map((row) => h("li", {}, CD.word("event", row.event), ": ", [row.party_a, row.party_b].filter((code) => code && code !== game.seat).map(name).join(", "), " ", h("span", { class: "small" }, [row.type ? CD.titleOf("agreement", row.type) : "", row.reason && row.reason !== "none" ? CD.word("reason", row.reason) : "", monthWords(row.month)].filter(Boolean).join(", ")))))] : null;
  }

  /* Which way a red line points: it keeps the text on the side of what the seat would choose. Drawn at that very
     level it points against what the other side offers, else against an end of the issue, else against today's level,
     else against the end that lies farther away. */
  CD.redLine = function (one, best, level) {
    const near = 0.0051, low = { at_least: level }, high = { at_most: level };
    if (Math.abs(level - best) > near) return level < best ? low : high;
    if (one.theirs !== null && Math.abs(one.theirs - level) > near) return one.theirs < level ? low : high;
    const above = one.ceiling - level, below = level - one.floor;
    if (Math.min(above, below) <= near) return above <= below ? low : high;
    if (Math.abs(one.today - level) > near) return one.today < level ? low : high;
    return below >= above ? low : high;
  };

  /* Ask for the last of many things: while one answer is under way only the newest question waits, and older answers are not shown. */
  CD.latest = function (ask, show) {
    let waiting = null, under = false;
    const next = async () => {
      under = true;
      while (waiting !== null) {
        const mine = waiting;
        waiting = null;
        const told = await ask(mine).catch(() => null);
        if (told !== null && waiting === null) show(told);
      }
      under = false;
    };
    return (what) => {
      waiting = what;
      return under ? null : next();
    };
  };

  /* One talk: their text, yours to draft, what it is worth, what those at home would say, and the words you may give. */
  function card(talk) {
    const draft = {}, worth = h("p", { class: "small" });
    /* The model says what a draft is worth; the answer to the last one asked is shown. */
    const value = CD.latest((levels) => CD.valueOf(CD.seat.key, talk.talk, levels), (told) => {
      worth.textContent = CD.t("Your draft is worth {n} bp over no agreement; theirs {m}.",
        { n: CD.number(told.gain, 2), m: CD.number(talk.gain, 2) });
    });
    const show = () => {
      if (!talk.tabled) worth.textContent = CD.t("They have tabled nothing yet.");
      else value({ ...draft });
    };
    const play = (move) => CD.turn({ play: [{ talk: talk.talk, ...move }] });
    const rows = talk.issues.map((one) => {
      const stands = talk.standing.offer && talk.standing.offer[one.issue];
      const best = one.best;
      draft[one.issue] = Math.min(Math.max(stands ?? one.mine ?? best, one.floor), Math.max(one.floor, one.ceiling));
      const told = h("b", {}, CD.number(draft[one.issue], 2));
      const slide = h("input", { type: "range", min: one.floor, max: one.ceiling, step: 0.01, value: draft[one.issue], disabled: one.floor >= one.ceiling, "aria-label": CD.word("issue", one.issue), oninput: (e) => { draft[one.issue] = Number(e.target.value); told.textContent = CD.number(draft[one.issue], 2); show(); drawn(); } });
      const line = h("button", { type: "button", class: "quiet line",
        onclick: () => play({ kind: "red_line", issue: one.issue, ...CD.redLine(one, best, draft[one.issue]) }) });
      /* The button says which way its line would point. */
      const drawn = () => {
        const bound = CD.redLine(one, best, draft[one.issue]), low = bound.at_least !== undefined,
          n = CD.number(draft[one.issue], 2);
        const said = low ? CD.t("Draw a red line here: at least {n}", { n })
          : CD.t("Draw a red line here: at most {n}", { n });
        line.textContent = low ? "≥" : "≤";
        line.title = said;
        line.setAttribute("aria-label", CD.word("issue", one.issue) + ": " + said);
      };
      drawn();
      const mark = (level, cls, text) => (level === null ? null : h("em", { class: cls, title: text, style: "left:calc(8px + " + Math.min(1, Math.max(0, (level - one.floor) / Math.max(one.ceiling - one.floor, 1e-9))) + " * (100% - 16px))" }));
      return h("div", { class: "term-row" }, h("span", { title: one.meaning }, CD.word("issue", one.issue)), h("span", { class: "slide" }, slide, mark(best, "side0", CD.t("your best level")), mark(one.theirs, "side1", CD.t("their offer"))), told,
        line,
        position(talk, one, play));
    });
    show();
    const lines = Object.entries(talk.standing.red_lines || {}), positions = Object.entries(talk.standing.positions || {});
    const rounds = talk.rounds_left !== null;
    const left = rounds ? CD.t("{n} rounds left", { n: talk.rounds_left }) : CD.t("{n} contacts until the text is settled", { n: talk.contacts_left });
    return h("details", { class: "talk", open: unfolded.has(talk.talk) || CD.seat.inbox.length < 3, ontoggle: (e) => (e.target.open ? unfolded.add(talk.talk) : unfolded.delete(talk.talk)) }, h("summary", {}, h("i", { class: "line", style: "background:var(--type-" + talk.type + ",var(--ink))" }), CD.titleOf("agreement", talk.type), ", ", name(talk.other), h("span", { class: "small" }, " " + (talk.tabled ? CD.t("theirs is worth {n} bp to you", { n: CD.number(talk.gain, 2) }) : left))),
      h("p", { class: "small" }, CD.t("You are the {role}.", { role: CD.plain(talk.role).toLowerCase() }), " ", left, ". ", home(talk.home)), h("div", {}, rows),
      h("p", { class: "key small" }, h("span", {}, h("em", { class: "side0" }), CD.t("your best level")), h("span", {}, h("em", { class: "side1" }), CD.t("their offer"))), worth,
      lines.length ? h("p", { class: "small" }, CD.t("Your red lines: {text}", { text: lines.map(([issue, bound]) => CD.word("issue", issue) + (bound.at_least !== undefined ? " ≥ " + CD.number(bound.at_least, 2) : "") + (bound.at_most !== undefined ? " ≤ " + CD.number(bound.at_most, 2) : "")).join("; ") })) : null,
      positions.length ? h("p", { class: "small" }, CD.t("Your positions: {text}", { text: positions.map(([issue, said]) => CD.word("issue", issue) + (said.ideal !== undefined ? " " + CD.number(said.ideal, 2) : "") + (said.salience !== undefined ? " (" + CD.number(said.salience, 3) + " bp)" : "")).join("; ") })) : null,
      talk.standing.refuses ? h("p", { class: "small" }, CD.t("You refuse what is on the table.")) : null, talk.standing.offer ? h("p", { class: "small" }, CD.t("Your offer stands.")) : null,
      h("p", { class: "buttons" }, rounds ? h("button", { type: "button", class: "primary", onclick: () => play({ kind: "offer", text: { ...draft } }) }, CD.t("Offer this")) : null, rounds && talk.tabled ? h("button", { type: "button", onclick: () => play({ kind: "accept" }) }, CD.t("Accept theirs")) : null,
        h("button", { type: "button", onclick: () => play({ kind: talk.standing.refuses ? (rounds ? "hand_back" : "accept") : "refuse" }) }, talk.standing.refuses ? CD.t("No longer refuse") : CD.t("Refuse")), h("button", { type: "button", onclick: () => play({ kind: "walk_away" }) }, CD.t("Walk away"))));
  }
  /* Bargain as if another level were the ideal, or mattered more or less; what is not touched stays as it is. */
  function position(talk, one, play) {
    const held = (talk.standing.positions || {})[one.issue] || {}, touched = {}, about = ": " + CD.word("issue", one.issue), key = talk.talk + "/" + one.issue;
    const ideal = held.ideal ?? Math.min(Math.max(one.ideal, 0), 1), told = h("b", {}, CD.number(ideal, 2));
    const slide = h("input", { type: "range", min: 0, max: 1, step: 0.01, value: ideal, "aria-label": CD.t("Ideal level") + about, oninput: (e) => { touched.ideal = Number(e.target.value); told.textContent = CD.number(touched.ideal, 2); } });
    const weight = h("input", { type: "number", min: 0.000001, max: 1000, step: "any", value: Number((held.salience ?? one.salience).toPrecision(3)), "aria-label": CD.t("How much it matters (bp)") + about, oninput: (e) => { touched.salience = Number(e.target.value); } });
    const declare = (said) => play({ kind: "set_position", issue: one.issue, ...said });
    const form = h("div", { class: "position", hidden: !unfolded.has(key) }, h("label", {}, CD.t("Ideal level"), " ", slide, told), h("label", {}, CD.t("How much it matters (bp)"), " ", weight),
      h("p", { class: "buttons" }, h("button", { type: "button", class: "declare", onclick: () => declare({ ideal, ...held, ...touched }) }, CD.t("Bargain as if")), h("button", { type: "button", onclick: () => declare({}) }, CD.t("As it is"))));
    const open = h("button", { type: "button", class: "quiet stance", title: CD.t("Set a position"), "aria-label": CD.t("Set a position") + about, "aria-expanded": String(unfolded.has(key)), onclick: () => { form.hidden = !form.hidden; form.hidden ? unfolded.delete(key) : unfolded.add(key); open.setAttribute("aria-expanded", String(!form.hidden)); } }, "◎");
    return [open, form];
  }
  function home(one) {
    if (one.consents === null) return CD.t("At home: {how}.", { how: CD.plain(one.institution).toLowerCase() });
    return one.consents ? CD.t("At home ({how}) this text would pass, you believe.", { how: CD.plain(one.institution).toLowerCase() }) : CD.t("At home ({how}) this text would fail, you believe.", { how: CD.plain(one.institution).toLowerCase() });
  }
})();

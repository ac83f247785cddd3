/* The page itself: state in the address, layout, and the way to the server. Everything else draws what this holds. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);
  const VIEW = ["at", "view", "colour", "pick", "lang", "twin", "hide", "series", "speed", "size", "theme", "only", "game", "seat", "turn", "moves"];
  const STANDARD = { view: "map", colour: "protection_firms", pick: "", lang: "en", twin: "", speed: 4, size: "", theme: "", only: "", game: "", seat: "", turn: "", moves: "" };
  const SERIES = ["agreements_in_force", "contacts_by_channel", "access_gap"];
  const LONGEST = 400;

  CD.state = { words: {}, month: 0, hide: [], series: SERIES, ...STANDARD };
  CD.hidden = (type) => CD.state.hide.includes(type);

  CD.readAddress = function (query) {
    const given = new URLSearchParams(query), words = {}, seen = {};
    for (const [key, value] of given) {
      if (VIEW.includes(key)) seen[key] = key === "moves" ? value : value.slice(0, LONGEST);
      else words[key] = value;
    }
    const st = { ...STANDARD, ...seen, words, at: seen.at || "" };
    st.speed = [2, 4, 8, 16].includes(Number(st.speed)) ? Number(st.speed) : 4;
    st.view = ["map", "graph", "capacity", "data"].includes(st.view) ? st.view : "map";
    st.lang = st.lang === "id" ? "id" : "en";
    st.large = st.size === "large";
    st.hide = (seen.hide || "").split(",").filter(Boolean);
    st.series = seen.series === undefined ? SERIES : seen.series.split(",").filter(Boolean);
    return st;
  };
  CD.address = function () {
    const out = new URLSearchParams(), st = CD.state;
    // A game is kept under its key, words and all.
    if (!st.game) for (const [key, value] of Object.entries(st.words)) out.set(key, value);
    if (CD.film) out.set("at", CD.monthLabel(CD.film, st.month));
    for (const key of ["view", "colour", "pick", "lang", "twin", "speed", "theme", "only", "game", "seat", "turn", "moves"]) if (st[key] !== STANDARD[key]) out.set(key, st[key]);
    if (st.large) out.set("size", "large");
    if (st.hide.length) out.set("hide", st.hide.join(","));
    if (st.series.join() !== SERIES.join()) out.set("series", st.series.join(","));
    return "?" + out.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
  };
  /* Each state of the page is an address. A step to another one can be gone back on; a month, or how fast it plays, changes where one is. */
  CD.keepAddress = function (step) {
    if (CD.replayed) return;
    clearTimeout(CD.keeping);
    if (step && CD.address() !== location.search) return history.pushState(null, "", CD.address());
    // Browsers refuse an address that changes too often, so a month that plays by is kept when it rests.
    CD.keeping = setTimeout(() => history.replaceState(null, "", CD.address()), 150);
  };

  /* Going to a month touches only what shows it; anything else draws its own part anew. */
  CD.go = function (month, playing) {
    const film = CD.film;
    CD.state.month = Math.max(0, Math.min(CD.limit(), month));
    paint();
    if (!playing) CD.keepAddress();
  };
  CD.pick = function (wanted) {
    const pick = CD.completed(wanted);
    CD.state.pick = CD.state.pick === wanted ? "" : pick;
    CD.hideTip();
    paint();
    if (CD.clock) CD.clock.drawEvents();
    CD.keepAddress(true);
  };
  CD.set = async function (change) {
    const colour = CD.state.colour;
    Object.assign(CD.state, change);
    try {
      if (change.colour) await CD.needTrust(change.colour);
    } catch (fault) {
      CD.state.colour = colour;
      return CD.say(fault);
    }
    if ("lang" in change || "large" in change || "view" in change || "twin" in change || "theme" in change) render();
    else { if (CD.clock && ("hide" in change || "series" in change || "only" in change)) CD.clock.draw(); colours(); paint(); }
    CD.keepAddress(Object.keys(change).some((key) => key !== "speed"));
  };

  /* Observables: any field of the film, or trust in a chosen party. */
  CD.observableTitle = function (name) {
    if (name.startsWith("trust:")) return CD.t("Trust in {name}", { name: CD.film.index.has(name.slice(6)) ? CD.film.name(CD.film.index.get(name.slice(6))) : "?" });
    const field = CD.film.fields[name], told = CD.columnWords(name);
    if (field && told) return CD.titleOf("metric", field.metric) + ": " + CD.title(told);
    return field && field.metric && CD.partOf("metric", field.metric).title && Object.values(CD.film.fields).filter((f) => f.metric === field.metric).length === 1 ? CD.titleOf("metric", field.metric) : CD.shelves.names[name] ? CD.t(CD.shelves.names[name]) : CD.plain(name);
  };
  CD.unitOf = (film, name) => (name.startsWith("trust:") ? "probability" : (film.fields[name] || {}).unit || "");
  CD.valueAt = (film, name, month, party) => (film.panels[name] || film.fields[name] ? film.value(name, month, party) : NaN);
  CD.needTrust = async function (name) {
    if (!name.startsWith("trust:")) return;
    for (const film of [CD.film, CD.twin].filter(Boolean)) {
      if (film.panels[name] || !film.index.has(name.slice(6))) continue;
      if (CD.replayed) return;
      film.asked = film.asked || {};
      film.asked[name] = film.asked[name] || CD.ofFilm(film, () => CD.fetchJson(CD.beside(film, "trust", "/" + film.index.get(name.slice(6)) + ".json")));
      film.setTrust(name.slice(6), await film.asked[name]);
    }
  };
  CD.difference = function (name, month, party) {
    const code = CD.film.parties[party].code, there = CD.twin.index.get(code);
    return there === undefined || month >= CD.twin.months ? NaN : CD.valueAt(CD.film, name, month, party) - CD.valueAt(CD.twin, name, month, there);
  };
  CD.signClass = (v, scale) => { const share = v / (scale.span || 1); return Math.abs(share) < 0.02 ? "land" : (v > 0 ? "more" : "less") + (Math.abs(share) > 0.5 ? 2 : 1); };
  /* What counts as much of a difference: the largest but for the two in a hundred that stand out. */
  CD.differenceSpan = function (name) {
    const found = [];
    for (let m = 0; m < Math.min(CD.film.months, CD.twin.months); m++) for (let k = 0; k < CD.film.states; k++) { const v = Math.abs(CD.difference(name, m, k)); if (v > 0) found.push(v); }
    found.sort((a, b) => a - b);
    return found.length ? found[Math.floor(0.98 * (found.length - 1))] : 0;
  };

  /* What cannot be drawn in this film gives way to what can, before anything says what is drawn. */
  function settled() {
    const st = CD.state, fields = CD.film.fields;
    if (CD.film.panels[st.colour] || fields[st.colour]) return;
    st.colour = STANDARD.colour in fields ? STANDARD.colour : Object.keys(fields)[0];
  }
  function colours() {
    settled();
    const st = CD.state, films = [CD.film, CD.twin].filter(Boolean);
    colourBox();
    CD.scale = CD.scaleOf(films, st.colour);
    CD.scale.span = st.twin === "difference" && CD.twin ? CD.differenceSpan(st.colour) : 0;
    CD.fill(parts.legend, st.view === "map" ? legend() : st.view === "data" ? CD.sights[0][1].legend() : st.view === "capacity" ? [h("span", {}, h("i", { class: "dot", style: "background:var(--blue);opacity:.55" }), CD.observableTitle("base_capacity"), " (MW)"), h("span", {}, h("i", { class: "dot ring" }), CD.t("with what pacts have added"))] : givenLegend());
    CD.fill(parts.types, ["capacity", "data"].includes(st.view) ? null : typesLegend());
  }
  /* What the lines of the alliance graph are that no agreement of the run makes. */
  function givenLegend() {
    const line = (kind, words) => h("span", {}, h("i", { class: "line " + kind, style: kind === "allied" ? "background:var(--hairline);height:1px" : kind === "close" ? "background:var(--hairline)" : "background:none" }), words);
    return [h("span", {}, CD.t("Near means tied; the larger, the more capable; rings are blocs, filled in the same colour their members.")),
      line("close", CD.t("close: alliances, votes, organisations, treaties and trust, less hostility")), line("allied", CD.t("other allies")),
      line("hostile", CD.t("hostile")), line("barred", CD.t("too hostile for talks of two"))];
  }
  /* What the arcs are; a type is a switch that hides it. */
  function typesLegend() {
    const film = CD.film, used = film.types.filter((t, n) => film.instruments.some((one) => one.type === n));
    const apart = CD.state.twin === "difference" && CD.twin && CD.state.view === "map";
    const line = (colour) => h("i", { class: "line", style: "background:var(--" + colour + ")" });
    const hide = (name) => (CD.hidden(name) ? CD.state.hide.filter((k) => k !== name) : [...CD.state.hide, name]);
    parts.drawn = h("span", {});
    return h("div", { class: "legend" },
      apart ? [h("span", {}, line("more2"), CD.t("only here")), h("span", {}, line("less2"), CD.t("only in the twin"))]
        : null,
      used.map((t) => h("button", { type: "button", class: "type", "aria-pressed": CD.hidden(t.name) ? "false" : "true",
        title: CD.sentence(CD.partOf("agreement", t.name)), onclick: () => CD.set({ hide: hide(t.name) }) },
      apart ? null : line("type-" + t.name + ",var(--ink)"), CD.titleOf("agreement", t.name))),
      h("span", {}, h("i", { class: "dashed" }), CD.t("signed, not yet in force")),
      CD.film.events.some((e) => CD.film.words.event[e[1]] === "suspension") ? h("span", {}, h("i", { class: "suspended" }), CD.t("suspended")) : null,
      h("span", {}, h("i", { class: "dots" }), CD.t("just ended")), h("span", {}, h("i", { class: "thick" }), CD.t("new")),
      CD.film.instruments.some((one) => one.stage === "terminated") ? h("span", { class: "bad" }, h("i", { class: "dashed bad" }), CD.t("fell")) : null, parts.drawn);
  }
  /* How many of the agreements are drawn, where not all are. */
  function drawn() {
    const told = CD.sights[0][1].told;
    const values = told && { n: told[0], all: told[1] }, own = CD.pickedParties(CD.film).length > 0;
    parts.drawn.textContent = !told || told[0] === told[1] ? ""
      : own ? CD.t("{n} of {all} drawn: those of the selected party in full, newest and largest others faint", values)
        : CD.t("{n} of {all} drawn: the newest, then those between the largest economies", values);
  }
  function legend() {
    const share = /^share of /.test(CD.unitOf(CD.film, CD.state.colour)), cuts = CD.scale.cuts.map((v) => (share ? Number((100 * v).toPrecision(6)) : v));
    const unit = CD.t(CD.unitOf(CD.film, CD.state.colour).replace("share of", "% of")), bands = [];
    if (CD.state.twin === "difference" && CD.twin && !(CD.scale.span > 0)) {
      bands.push(h("span", {}, h("i", { class: "box", style: "background:var(--land)" }),
        CD.t("the same in both worlds, in every month")));
    } else if (CD.state.twin === "difference" && CD.twin) {
      const half = CD.number((share ? 100 : 1) * CD.scale.span * 0.5, 2);
      for (const [cls, text] of [["less2", "< −" + half], ["less1", CD.t("less here")], ["land", CD.t("alike or not known")], ["more1", CD.t("more here")], ["more2", "> " + half]]) bands.push(h("span", {}, h("i", { class: "box", style: "background:var(--" + cls + ")" }), text));
    } else if (CD.scale.much) {
      const much = CD.number((share ? 100 : 1) * CD.scale.much, 2);
      for (const [cls, text] of [["less2", "< −" + much], ["less1", "< 0"], ["land", "0"], ["more1", "> 0"], ["more2", "> " + much]]) bands.push(h("span", {}, h("i", { class: "box", style: "background:var(--" + cls + ")" }), text));
    } else if (!cuts.length) bands.push(h("span", {}, h("i", { class: "box", style: "background:var(--o3)" }), CD.t("the same everywhere: {n}", { n: CD.number(CD.scale.low) })));
    else for (let k = 0; k <= cuts.length; k++) bands.push(h("span", {}, h("i", { class: "box", style: "background:var(--" + CD.scale.colour(k) + ")" }), k === 0 ? "< " + CD.number(cuts[0]) : CD.number(cuts[k - 1]) + (k === cuts.length ? " +" : "")));
    const shut = CD.film.fields.closure && CD.film.range("closure")[1] > 0;
    const blank = CD.film.parties.some((one, k) => k < CD.film.states
      && Number.isNaN(CD.film.value(CD.state.colour, 0, k)));
    if (blank) bands.push(h("span", {}, h("i", { class: "box", style: "background:var(--land)" }), CD.t("not known")));
    return [h("span", { class: "unit" }, CD.observableTitle(CD.state.colour) + (unit ? ", " + unit : "")), bands, shut ? h("span", {}, h("i", { class: "box hatched" }), CD.t("borders closed to half of meetings or more")) : null];
  }

  const parts = {};
  function render() {
    const st = CD.state, film = CD.film;
    if (CD.clock) { CD.clock.pause(); CD.clock.resize.disconnect(); }
    CD.lang = st.lang;
    document.documentElement.lang = st.lang;
    document.documentElement.dataset.size = st.large ? "large" : "";
    if (st.theme) document.documentElement.dataset.theme = st.theme; else delete document.documentElement.dataset.theme;
    document.title = CD.own(CD.scenario(), "title") + " – Cloud Diplomacy";
    const twin = CD.twin && st.twin ? CD.twin : null;
    settled();
    parts.legend = h("div", { class: "legend" });
    parts.inspect = h("aside", { class: "inspect", tabindex: 0, "aria-label": CD.t("Inspect") });
    const sights = { map: (f, id) => new CD.WorldMap(f, id), graph: (f) => new CD.AllianceGraph(f), capacity: (f) => new CD.Capacity(f), data: (f) => new CD.WhereDataLie(f) };
    const difference = twin && st.twin === "difference" && st.view === "map";
    CD.sights = [[film, sights[st.view](film, "a"), CD.t("this world")]];
    if (twin && !difference) CD.sights.push([twin, sights[st.view](twin, "b"), CD.twinName()]);
    const stage = h("div", { class: "stage" + (CD.sights.length > 1 ? " two" : "") }, CD.sights.map(([, sight, name]) => h("div", { class: "sight" }, twin ? h("p", { class: "which" }, difference ? CD.t("this world minus its twin ({other})", { other: CD.twinName() }) : name) : null, h("div", { class: "sheets" }, sight.sheets))));
    parts.live = h("div", { class: "unseen", "aria-live": "polite" });
    CD.clock = new CD.Clock(film, twin);
    CD.fill(document.getElementById("cd"), h("a", { class: "skip", href: "#inspect" }, CD.t("Skip to what is selected")), top(film), h("main", { class: "page" }, h("section", { class: "world", "aria-label": CD.t("World") }, sightBar(film), stage, parts.legend, (parts.types = h("div", {}))), parts.inspect, CD.clock.box), parts.live);
    parts.inspect.id = "inspect";
    colours();
    CD.showZoom();
    paint();
    CD.clock.draw();
  }
  CD.twinName = () => (CD.twin && CD.twinKind === "calm" ? CD.t("without its shocks") : CD.t("the scenario as it stands"));
  function top(film) {
    const st = CD.state, button = (text, act, more) => h("button", { type: "button", onclick: act, ...more }, text);
    const scenario = CD.replayed ? h("strong", {}, CD.own(CD.scenario(), "title")) : h("button", { type: "button", class: "scenario", onclick: CD.gallery }, CD.own(CD.scenario(), "title") + " ▾");
    return h("header", { class: "top" }, h("h1", {}, "Cloud Diplomacy"), scenario, h("span", { class: "small" }, CD.t("seed {n}", { n: film.seed }), " · ", CD.titleOf("protocol", film.protocol)), h("span", { class: "spring" }),
      CD.replayed || !CD.openSeat ? null : button(CD.seat ? CD.t("Leave the seat") : CD.t("Take a seat"), CD.openSeat, { "aria-pressed": CD.seat ? "true" : "false" }), CD.replayed || CD.seat ? null : button(CD.t("Levers"), () => CD.dialog(CD.t("Change this world"), CD.leversPanel(), true)), CD.replayed || CD.seat ? null : button(st.twin ? CD.t("One world") : CD.t("Twin"), () => CD.toggleTwin(), { "aria-pressed": st.twin ? "true" : "false" }),
      button(CD.t("Tour"), CD.tour), button(CD.t("Glossary"), CD.openGlossary), button(CD.t("Share"), CD.share), button("A+", () => CD.set({ large: !st.large }), { "aria-label": CD.t("Large type for a classroom"), "aria-pressed": st.large ? "true" : "false" }),
      button("◐", () => CD.set({ theme: { "": "dark", dark: "light", light: "" }[st.theme] || "" }), { "aria-label": CD.t("Light, dark or as the system") }),
      button(st.lang === "en" ? "ID" : "EN", () => CD.set({ lang: st.lang === "en" ? "id" : "en" }), { lang: st.lang === "en" ? "id" : "en", "aria-label": st.lang === "en" ? "Bahasa Indonesia" : "English" }));
  }
  function sightBar(film) {
    const st = CD.state, tab = (view, text) => h("button", { type: "button", "aria-pressed": st.view === view ? "true" : "false", onclick: () => CD.set({ view }) }, text);
    parts.colour = h("select", { onchange: (e) => CD.set({ colour: e.target.value }) });
    colourBox();
    const colour = h("span", {}, h("label", {}, CD.t("Colour"), " ", parts.colour), h("button", { type: "button", class: "quiet", "aria-label": CD.t("What is this, and where does it come from?"), onclick: () => CD.openObservable(CD.state.colour) }, "?"));
    // Only maps can be taken from one another; the other views stand side by side.
    const twin = CD.twin && st.twin && st.view === "map" ? h("span", { class: "tabs" }, [["both", CD.t("Side by side")], ["difference", CD.t("Difference")]].map(([value, text]) => h("button", { type: "button", "aria-pressed": st.twin === value ? "true" : "false", onclick: () => CD.set({ twin: value }) }, text))) : null;
    return h("div", { class: "sight-bar" }, h("span", { class: "tabs" }, tab("map", CD.t("Map")), tab("graph", CD.t("Alliances")), tab("capacity", CD.t("Where capacity lies")), tab("data", CD.t("Where data lie"))), st.view === "map" ? colour : null, twin, finder(film), ["map", "data"].includes(st.view) ? CD.zoomButtons() : null);
  }
  /* The colour box names what is drawn, whoever chose it: all that differs between states or months, and whatever is
     drawn now. */
  function colourBox() {
    const film = CD.film, now = CD.state.colour;
    const names = Object.keys(film.fields).filter((name) => name === now || film.range(name)[1] > film.range(name)[0]);
    if (!names.includes(now)) names.push(now);
    const told = names.map((name) => [CD.observableTitle(name), name])
      .sort((a, b) => a[0].localeCompare(b[0], CD.lang));
    CD.fill(parts.colour, told.map(([text, name]) => h("option", { value: name }, text)));
    parts.colour.value = now;
  }
  /* Find a state or a bloc by its code or its name in either language. */
  function finder(film) {
    const list = h("datalist", { id: "parties" }, film.parties.map((party, k) => [film.name(k), party.code])
      .sort((a, b) => a[0].localeCompare(b[0], CD.lang)).map(([name, code]) => h("option", { value: name }, code)));
    const none = h("span", { class: "small", role: "status" });
    const find = (text) => {
      const k = CD.findParty(film, text);
      none.textContent = text.trim() && k < 0 ? CD.t("No state or bloc by that name.") : "";
      if (k < 0) return;
      box.value = "";
      if (CD.state.pick !== "state:" + film.parties[k].code) CD.pick("state:" + film.parties[k].code);
      parts.live.textContent = film.name(k);
    };
    const label = CD.t("Find a state");
    const box = h("input", { type: "search", class: "finder", list: "parties", placeholder: label, "aria-label": label,
      autocomplete: "off",
      // A name chosen from the list arrives whole; who types says so with Enter, for Niger is also how Nigeria begins.
      oninput: (e) => { if (!e.inputType || e.inputType === "insertReplacementText") find(e.target.value); },
      onkeydown: (e) => { if (e.key === "Enter") find(e.target.value); } });
    return h("span", { class: "find" }, box, list, none);
  }
  /* What has the keyboard inside a part that is drawn anew has it still: found by its name, or by its place and words. */
  function heldBy(part) {
    const held = document.activeElement;
    if (!held || held === part || !part.contains(held)) return () => null;
    const keep = held.dataset.keep, kind = held.tagName, words = held.textContent, at = [...part.querySelectorAll(kind)].indexOf(held);
    return () => {
      const all = [...part.querySelectorAll(kind)];
      const found = keep ? all.find((one) => one.dataset.keep === keep) : all[at] && all[at].textContent === words ? all[at] : null;
      if (found) found.focus({ preventScroll: true });
    };
  }
  function paint() {
    const month = CD.state.month;
    const difference = CD.state.twin === "difference" && CD.twin && CD.state.view === "map";
    for (const [film, sight] of CD.sights) if (month < film.months) sight.paint(month, CD.scale, difference);
    if (parts.drawn && !["capacity", "data"].includes(CD.state.view)) drawn();
    CD.clock.paint(month);
    const key = CD.state.pick + "|" + month + "|" + CD.lang + "|" + !!CD.tables + "|" + CD.serial + !!CD.seat;
    if (parts.inspectKey !== key || !parts.inspect.childNodes.length) {
      const top_ = parts.inspect.scrollTop, back = heldBy(parts.inspect);
      CD.fill(parts.inspect, CD.inspect(CD.film, month));
      back();
      parts.inspect.scrollTop = parts.inspectPick === CD.state.pick ? top_ : 0;
      parts.inspectPick = CD.state.pick;
      parts.inspectKey = key;
    }
  }
  CD.render = render;
  CD.paint = paint;
  CD.parts = parts;

  /* The tip: one element that follows what is pointed at or focused. */
  CD.showTip = function (event, lines) {
    const tip = parts.tip || (parts.tip = h("div", { class: "tip", "aria-hidden": "true" }));
    if (!tip.isConnected) document.body.append(tip);
    CD.fill(tip, lines.map((line, k) => h("div", { class: k ? "small" : "" }, line)));
    const box = event.clientX ? { left: event.clientX, top: event.clientY } : event.target.getBoundingClientRect();
    tip.style.left = Math.min(box.left + 14, window.innerWidth - 260) + "px";
    tip.style.top = Math.max(8, Math.min(box.top + 14, window.innerHeight - 90)) + "px";
    tip.hidden = false;
  };
  CD.hideTip = () => { if (parts.tip) parts.tip.hidden = true; };
})();

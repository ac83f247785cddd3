/* Where data lie: lines from users to the states where their load lies, in the colour of the provider's home; cables and
   land lines, and those that are cut; how full data centres are. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);
  const MOST_FLOWS = 60, MOST_GUESTS = 30, WIDEST = 6, LEAST = 0.7, BOW = 0.12;

  CD.WhereDataLie = class {
    constructor(film) {
      this.film = film;
      this.lies = CD.lyingOf(film);
      const g = CD.geometry, fine = { transform: "scale(0.1)" };
      const sheet = (more, label) => s("svg", { class: "world-map lying" + more, viewBox: g.frame.join(" "), role: "group",
        preserveAspectRatio: "xMidYMid meet", "aria-label": label });
      this.svg = sheet("", CD.t("World map"));
      this.over = sheet(" over", CD.t("Where data lie"));
      this.sheets = [this.svg, this.over];
      const absent = Object.keys(g.states).filter((code) => !film.index.has(code)).map((code) => g.states[code]).join("");
      const states = film.parties.slice(0, film.states);
      this.svg.append(s("path", { ...fine, d: g.edge, class: "sea" }), s("path", { ...fine, d: g.other + absent, class: "outside" }),
        s("g", { ...fine, class: "grounds", "aria-hidden": "true" }, states.map((party, k) => (g.states[party.code]
          ? s("path", { d: g.states[party.code], class: "state ground", ...this.acts(k) }) : null))),
        s("path", { ...fine, d: g.borders, class: "borders" }));
      this.ways = s("path", { class: "ways", "aria-hidden": "true" });
      this.cuts = s("g", { class: "cuts", "aria-hidden": "true" });
      this.mark = s("g", { ...fine, class: "picked" });
      this.flows = s("g", { class: "flows" });
      this.rings = s("g", { class: "rings" });
      this.home = s("g", { class: "at-home", "aria-hidden": "true" });
      this.over.append(this.ways, this.mark, this.rings, this.flows, this.home, this.cuts);
      const last = CD.limitOf(film), size = (k) => film.value("cloud_capacity", last, k);
      this.marks = states.map((party, k) => k).sort((a, b) => size(b) - size(a)).map((k) => [k, this.ring(k)]);
      this.rings.append(...this.marks.map((pair) => pair[1]));
      CD.rovingList(this.rings, () => this.marks.map((pair) => pair[1]), (one) => CD.pick("state:" + one.dataset.code));
      this.lines = new Map();
      this.lineOf = new Map();
      CD.rovingList(this.flows, () => [...this.flows.children], (one) => one.dispatchEvent(new MouseEvent("click")));
      this.top = film.range("cloud_capacity")[1] || 1;
      this.times = CD.zoom.times;
      CD.zoomable(this);
    }
    acts(k) {
      return { onclick: () => CD.pick("state:" + this.film.parties[k].code), onmouseenter: (e) => this.tell(e, k),
        onmouseleave: CD.hideTip };
    }
    ring(k) {
      const { at, code } = this.film.parties[k], centre = { cx: at[0], cy: at[1] };
      return s("g", { ...this.acts(k), class: "state", role: "button", tabindex: -1, "aria-label": this.film.name(k),
        "data-code": code, onfocus: (e) => this.tell(e, k), onblur: CD.hideTip },
      s("circle", { ...centre, class: "stored" }), s("circle", { ...centre, class: "room" }));
    }
    tell(event, k) {
      const mark = this.marks.find((pair) => pair[0] === k)[1], words = this.words(k);
      mark.setAttribute("aria-label", words.join(", "));
      CD.showTip(event, words);
    }
    words(k) {
      const film = this.film, month = CD.state.month;
      return [film.name(k), ...CD.capacityWords(film, k, month), CD.exposureWords(film, k, month),
        this.lies.isOff(k, month) ? CD.t("Cut off: none of its cables and land lines carries data this month.") : null].filter(Boolean);
    }
    /* What the map's nearness does not change on the screen: circles and lines. */
    resize(times) {
      this.times = times;
      this.over.style.setProperty("--near", Math.sqrt(times));
      if (this.month !== undefined) this.paint(this.month);
    }
    paint(month) {
      this.month = month;
      this.users = CD.pickedParties(this.film).flatMap((p) => (p < this.film.states ? [p] : this.film.statesOf(p, month)));
      CD.WorldMap.prototype.paintPicked.call(this, month);
      this.paintRings(month);
      this.paintWays(month);
      this.paintFlows(month);
      this.paintHome(month);
      this.say();
    }
    radius(mw) {
      return (Math.sqrt(Math.max(mw || 0, 0) / this.top) * 14) / Math.sqrt(this.times);
    }
    paintRings(month) {
      const film = this.film, known = film.fields.load_stored;
      for (const [k, mark] of this.marks) {
        const stored = known ? film.value("load_stored", month, k) : 0, room = film.value("cloud_capacity", month, k);
        const said = [this.radius(stored).toFixed(2), Math.max(this.radius(room), 0.5).toFixed(2)];
        if (mark.dataset.said === said.join()) continue;
        mark.dataset.said = said.join();
        mark.children[0].setAttribute("r", said[0]);
        mark.children[1].setAttribute("r", said[1]);
      }
    }
    /* A line between two states, worked out once for each pair and bow. */
    line(a, b, bow) {
      const key = a + ">" + b + (bow ? "" : "-");
      if (!this.lineOf.has(key)) {
        const places = this.film.lying.places;
        this.lineOf.set(key, CD.bowed(places[a], places[b], bow));
      }
      return this.lineOf.get(key);
    }
    paintWays(month) {
      const shown = !CD.state.hide.includes("cables"), open = [], cut = [];
      for (const way of shown ? this.lies.ways : []) {
        const [works, all] = this.lies.way(way, month);
        if (works) open.push(way);
        else if (all) cut.push(way);
      }
      this.cut = cut.length;
      // Five hundred lines are written anew only when another set of them is open.
      const key = open.map((way) => way.a + "-" + way.b).join();
      if (key !== this.waysKey) this.ways.setAttribute("d", open.map((way) => this.line(way.a, way.b, 0).d).join(""));
      this.waysKey = key;
      const size = 2 / Math.sqrt(this.times);
      const cross = ([x, y], r) => `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x + r} ${y - r}l${-2 * r} ${2 * r}`;
      const lines = cut.map((way) => {
        const { d, at } = this.line(way.a, way.b, 0), words = this.cutWords(way, month);
        return s("g", { class: "cut", "data-way": this.film.parties[way.a].code + "-" + this.film.parties[way.b].code,
          onmouseenter: (e) => CD.showTip(e, words), onmouseleave: CD.hideTip },
        s("path", { d, class: "near" }), s("path", { d, class: "gap" }), s("path", { d: cross(at, size), class: "cross under" }),
        s("path", { d: cross(at, size), class: "cross" }));
      });
      const off = shown ? this.film.parties.slice(0, this.film.states).filter((party, k) => this.lies.isOff(k, month)) : [];
      CD.fill(this.cuts, lines, off.map((party) => s("circle", { class: "off", "data-off": party.code, cx: party.at[0], cy: party.at[1],
        r: Math.max(this.radius(this.film.value("cloud_capacity", month, this.film.index.get(party.code))), 2 * size) + 2.4 * size })));
    }
    cutWords(way, month) {
      const film = this.film, all = this.lies.way(way, month)[1];
      return [[film.name(way.a), film.name(way.b)].join(" – "), CD.tn("The {n} link in service carries nothing this month.",
        "None of the {n} links in service carries anything this month.", all)];
    }
    /* Which lines are drawn: all of the selected and the largest that others keep with it; else the largest of the world. */
    chosen(month) {
      const every = [...this.film.parties.keys()].slice(0, this.film.states), mine = new Set(this.users);
      const all = this.lies.flows(month, every).filter((one) => one.mw > 0);
      if (!mine.size) return all.slice(0, MOST_FLOWS);
      const guests = all.filter((one) => mine.has(one.host) && !mine.has(one.user)).slice(0, MOST_GUESTS);
      return [...guests.map((one) => ({ ...one, guest: true })), ...all.filter((one) => mine.has(one.user)).slice(0, MOST_FLOWS)];
    }
    paintFlows(month) {
      const shown = this.chosen(month), kept = new Set();
      this.drawn = shown;
      const widest = Math.max(...shown.map((one) => one.mw), 0);
      this.widest = widest;
      // The widest lie below, so that what is thin can be seen and pointed at.
      shown.sort((a, b) => (b.guest ? 1 : 0) - (a.guest ? 1 : 0) || b.mw - a.mw || a.user - b.user || a.host - b.host);
      shown.forEach((flow, place) => {
        const key = flow.user + ">" + flow.host;
        kept.add(key);
        const wide = Math.max((WIDEST * flow.mw) / widest, LEAST);
        let left = flow.mw;
        const stripes = flow.homes.map(([home, mw]) => {
          const one = [(wide * left) / flow.mw, CD.homeColour(this.film, home, flow.user)];
          left -= mw;
          return one;
        });
        const lost = !this.lies.reaches(month, flow.user, flow.host);
        const said = JSON.stringify([stripes.map(([w, c]) => [w.toFixed(2), c]), !!flow.guest, lost, this.times]);
        let line = this.lines.get(key);
        if (!line) {
          line = s("g", { role: "button", tabindex: -1, "data-flow": key, onclick: () => this.follow(line.flow),
            onmouseenter: (e) => this.tellFlow(e, line), onmouseleave: CD.hideTip, onfocus: (e) => this.tellFlow(e, line),
            onblur: CD.hideTip });
          this.lines.set(key, line);
        }
        line.flow = flow;
        if (line.dataset.said !== said || line.dataset.lang !== CD.lang) {
          line.dataset.said = said;
          line.dataset.lang = CD.lang;
          line.setAttribute("aria-label", this.flowWords(flow).join(", "));
          line.setAttribute("class", ["flow", flow.guest ? "guest" : "", lost ? "lost" : ""].filter(Boolean).join(" "));
          const { d, at, way } = this.line(flow.user, flow.host, BOW), inside = wide > 2.4, big = (inside ? 0.4 * wide : 1.1 + wide / 2) / Math.sqrt(this.times);
          const corner = (r, a) => (at[0] + r * Math.cos(way + a)).toFixed(2) + " " + (at[1] + r * Math.sin(way + a)).toFixed(2);
          CD.fill(line, s("path", { d, class: "near" }), s("path", { d, class: "edge", style: "--w:" + (wide + 0.7).toFixed(2) }),
            stripes.map(([w, colour]) => s("path", { d, class: "stripe", style: `--w:${w.toFixed(2)};stroke:var(--${colour})` })),
            s("path", { d: "M" + corner(1.5 * big, 0) + "L" + corner(big, 2.3) + "L" + corner(big, -2.3) + "z", class: "arrow",
              style: "fill:var(--" + (inside ? "paper" : stripes[0][1]) + ")" }));
        }
        if (this.flows.children[place] !== line) this.flows.insertBefore(line, this.flows.children[place] || null);
      });
      for (const [key, line] of this.lines) if (!kept.has(key)) { line.remove(); this.lines.delete(key); }
      CD.rovingStop([...this.flows.children]);
    }
    /* From a line one goes to its other end. */
    follow(flow) {
      const other = this.users.includes(flow.user) ? flow.host : flow.user;
      CD.pick("state:" + this.film.parties[other].code);
    }
    flowWords(flow) {
      const film = this.film;
      return [film.name(flow.user) + " → " + film.name(flow.host), CD.t("{mw}, {share} of the load of {name}", {
        mw: CD.withUnit(flow.mw, "MW"), share: CD.percent(flow.share), name: film.name(flow.user) }),
      ...flow.homes.slice(0, 4).map(([home, mw]) => CD.withWhom(film, home, flow.user) + ": " + CD.withUnit(mw, "MW")),
      this.lies.reaches(this.month, flow.user, flow.host) ? null : CD.t("Out of reach this month: no open way leads there.")].filter(Boolean);
    }
    tellFlow(event, line) {
      const words = this.flowWords(line.flow);
      line.setAttribute("aria-label", words.join(", "));
      CD.showTip(event, words);
    }
    /* Of one selected state, whose providers hold what lies at home: a ring about its capital. */
    paintHome(month) {
      const k = this.users.length === 1 ? this.users[0] : -1, at = k < 0 ? null : this.film.parties[k].at;
      const cells = k < 0 ? [] : this.lies.of(month, k).filter((one) => one.host === k);
      const r = k < 0 ? 0 : Math.max(this.radius(this.film.value("cloud_capacity", month, k)), 2 / Math.sqrt(this.times)) + 2.2 / Math.sqrt(this.times);
      let begun = 0;
      CD.fill(this.home, cells.length ? ["none", "whole"].map((name) => s("circle", { cx: at[0], cy: at[1], r, class: name })) : null, cells.map((one) => {
        const part = s("circle", { cx: at[0], cy: at[1], r, pathLength: 100, class: "part", transform: `rotate(-90 ${at[0]} ${at[1]})`,
          "stroke-dasharray": `${(100 * one.share).toFixed(2)} 100`, "stroke-dashoffset": (-100 * begun).toFixed(2),
          style: "stroke:var(--" + CD.homeColour(this.film, one.home, k) + ")" });
        begun += one.share;
        return part;
      }));
    }
    /* How much is drawn and what is cut, in words beside the legend. */
    say() {
      if (!this.told) return;
      this.about.classList.toggle("away", !this.home.children.length);
      const out = this.drawn.filter((one) => !one.guest).length, guests = this.drawn.length - out;
      const widest = CD.withUnit(this.widest, "MW");
      this.told.textContent = [!this.drawn.length ? CD.t("No load of the selected state lies abroad.")
        : this.users.length ? CD.t("{n} lines out, {guests} faint ones in; the widest is {mw}", { n: CD.number(out), guests: CD.number(guests), mw: widest })
          : CD.t("the {n} largest of the world; the widest is {mw}", { n: CD.number(out), mw: widest }),
      CD.state.hide.includes("cables") ? "" : CD.tn("{n} way cut", "{n} ways cut", this.cut)].filter(Boolean).join(" · ");
    }
    legend() {
      const line = (colour, words) => h("span", {}, h("i", { class: "line", style: "background:var(--" + colour + ")" }), words);
      const homes = CD.lyingOf(CD.film).homes, shown = !CD.state.hide.includes("cables");
      this.told = h("span", { class: "told" });
      this.about = h("span", {}, h("i", { class: "dot part" }), CD.t("ring: load of the selected that lies at home"));
      return [h("span", { class: "unit" }, CD.t("Providers of")), homes.map((code) => {
        const k = CD.film.index.get(code);
        return line(CD.homeColour(CD.film, k, -1), CD.film.name(k));
      }), line("quiet", CD.t("another state")), line("ink", CD.t("the user's own")),
      h("span", {}, h("i", { class: "dot stored" }), CD.t("load that lies there")), h("span", {}, h("i", { class: "dot room" }), CD.t("capacity in service")),
      h("button", { type: "button", class: "type", "aria-pressed": shown ? "true" : "false", onclick: () => CD.set({
        hide: shown ? [...CD.state.hide, "cables"] : CD.state.hide.filter((one) => one !== "cables") }) },
      h("i", { class: "line cable" }), CD.t("cables and land lines")),
      h("span", {}, h("i", { class: "dashed lost" }), CD.t("out of reach")),
      shown ? [h("span", {}, h("i", { class: "cross" }, "×"), CD.t("cut all this month")), h("span", {}, h("i", { class: "dot off" }), CD.t("state cut off"))] : null,
      this.about, this.told];
    }
  };
})();

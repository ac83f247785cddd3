/* Two other sights of the same world: the alliance graph, and where capacity lies. Places never move while time does. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const s = (...a) => CD.s(...a);
  const WIDE = 150, HIGH = 78, KINDS = ["allied", "close", "hostile", "barred"];

  function blocOf(film, k, month) {
    const blocs = film.blocsOf(k, month);
    return blocs.length ? film.parties[blocs[0]].code : null;
  }

  CD.AllianceGraph = class {
    constructor(film) {
      this.film = film;
      this.svg = s("svg", { class: "graph", viewBox: `${-WIDE - 8} ${-HIGH - 8} ${2 * WIDE + 16} ${2 * HIGH + 16}`, role: "group", "aria-label": CD.t("Alliance graph") });
      this.at = film.place.xy.map(([x, y]) => [WIDE * x, HIGH * y]);
      const line = ([a, b]) => `M${this.at[a][0].toFixed(1)} ${this.at[a][1].toFixed(1)}L${this.at[b][0].toFixed(1)} ${this.at[b][1].toFixed(1)}`;
      this.line = line;
      // The ties that no agreement makes, renewed each January: allies first, so that hostile ones lie over them.
      this.given = KINDS.map((kind) => { const path = s("path", { class: "given " + kind }); this.svg.append(path); return path; });
      this.sheets = [this.svg];
      this.ties = s("g", { class: "arcs" });
      this.nodes = s("g", { class: "nodes" });
      this.names = s("g", { class: "names", "aria-hidden": "true" });
      this.svg.append(this.ties, this.nodes, this.names);
      this.lines = new Map();
      CD.rovingList(this.ties, () => this.tieList(), (line) => CD.pick("treaty:" + line.dataset.arc));
      this.dots = film.parties.map((party, k) => {
        const pick = () => CD.pick("state:" + party.code);
        const dot = s("circle", { cx: this.at[k][0], cy: this.at[k][1], r: 1.5, role: "button", tabindex: k === 0 ? 0 : -1, "aria-label": film.name(k), class: party.bloc ? "bloc" : "state",
          onclick: pick, onkeydown: (e) => this.onKey(e, k), onmouseenter: (e) => CD.showTip(e, this.words(k)), onmouseleave: () => CD.hideTip(), onfocus: (e) => CD.showTip(e, this.words(k)), onblur: () => CD.hideTip() });
        this.nodes.append(dot);
        return dot;
      });
    }
    tieList() {
      return [...this.lines.values()].filter((line) => line.getAttribute("display") !== "none");
    }
    onKey(event, k) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); CD.pick("state:" + this.film.parties[k].code); return; }
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = (k + step + this.dots.length) % this.dots.length;
      this.dots[k].setAttribute("tabindex", -1);
      this.dots[next].setAttribute("tabindex", 0);
      this.dots[next].focus();
    }
    words(k) {
      const film = this.film, month = CD.state.month, blocs = film.blocsOf(k, month).map((b) => film.name(b));
      return [film.name(k), CD.t("Capability") + ": " + CD.number(film.value("capability", month, k)), blocs.length ? blocs.join(", ") : null].filter(Boolean);
    }
    /* Draw who is allied and who is hostile in the year of a month. */
    paintGiven(month) {
      const years = this.film.place.years, year = Number(this.film.start.slice(0, 4)) + Math.floor((Number(this.film.start.slice(5)) - 1 + month) / 12);
      const now = years.find((one) => one.year === year) || years[years.length - 1];
      if (this.year === now.year) return;
      this.year = now.year;
      this.given.forEach((path, k) => path.setAttribute("d", now[KINDS[k]].map(this.line).join("")));
    }
    paint(month) {
      this.paintGiven(month);
      const film = this.film, picked = CD.pickedTreaty(film), own = CD.pickedParties(film);
      const colours = new Map(film.parties.slice(film.states).map((b, n) => [b.code, "var(--bloc" + (n % 5) + ")"]));
      const named = film.parties.map((p, k) => [film.value("capability", month, k), k]).sort((a, b) => b[0] - a[0]).slice(0, 18).map((pair) => pair[1]);
      film.parties.forEach((party, k) => {
        const dot = this.dots[k], bloc = party.bloc ? party.code : blocOf(film, k, month);
        const size = (1.1 + 1.15 * Math.sqrt(Math.max(film.value("capability", month, k), 0))).toFixed(1), fill = party.bloc ? "none" : bloc ? colours.get(bloc) : "var(--outside)";
        // What has not changed is left alone: a browser draws anew what is set, even to what it was.
        if (dot.getAttribute("r") !== size) dot.setAttribute("r", size);
        if (dot.dataset.fill !== fill) { dot.dataset.fill = fill; dot.style.fill = fill; if (party.bloc) dot.style.stroke = colours.get(party.code); }
        dot.classList.toggle("chosen", own.includes(k));
      });
      if (!this.names.children.length) {
        // Names stay where they first stood; one that would cross another is left out, a bloc goes by its code.
        const taken = [];
        CD.fill(this.names, named.map((k) => {
          const text = film.parties[k].bloc ? film.parties[k].code : film.name(k), x = this.at[k][0], y = this.at[k][1] - 2.2 - 1.15 * Math.sqrt(film.value("capability", month, k)), wide = 1.2 * text.length + 1;
          if (taken.some(([u, v, w]) => Math.abs(u - x) < w + wide && Math.abs(v - y) < 4.6)) return null;
          taken.push([x, y, wide]);
          return s("text", { x, y }, text);
        }));
      }
      film.instruments.forEach((one, k) => {
        const stage = CD.hidden(film.types[one.type].name) ? null : film.stage(one, month);
        let line = this.lines.get(k);
        if (!stage) { if (line) line.setAttribute("display", "none"); return; }
        if (!line) {
          const d = CD.partiesOf(one).slice(1).map((p) => this.line([CD.partiesOf(one)[0], p])).join("");
          const tell = (e) => CD.showTip(e, [...CD.treatyWords(film, one), CD.stageWords(film, one, CD.state.month)]);
          const words = CD.treatyWords(film, one).join(", ");
          line = s("g", { role: "button", tabindex: -1, "aria-label": words, "data-arc": one.id,
            onclick: () => CD.pick("treaty:" + one.id), onmouseenter: tell, onmouseleave: CD.hideTip,
            onfocus: tell, onblur: CD.hideTip },
            s("path", { d, class: "near" }), s("path", { d, class: "arc", style: "stroke:var(--type-" + film.types[one.type].name + ",var(--ink))" }));
          this.ties.append(line);
          this.lines.set(k, line);
        }
        line.removeAttribute("display");
        const from = one.signed === null || one.signed < 0, since = stage === "force" ? month - one.force : stage === "suspended" ? Infinity : month - one.signed;
        const cls = [stage, from ? "old" : "", !from && since < 3 ? "new" + since : "", picked === k ? "chosen" : ""].join(" ");
        if (line.getAttribute("class") !== cls) line.setAttribute("class", cls);
      });
      CD.rovingStop(this.tieList());
    }
  };

  /* Circles at the capitals, the larger the more cloud capacity; the ring is what pacts have added since the start. */
  CD.Capacity = class {
    constructor(film) {
      this.film = film;
      const g = CD.geometry, fine = { transform: "scale(0.1)" };
      this.svg = s("svg", { class: "world-map capacity", viewBox: g.frame.join(" "), role: "group", "aria-label": CD.t("Where capacity lies") });
      this.svg.append(s("path", { ...fine, d: g.edge, class: "sea" }), s("path", { ...fine, d: Object.values(g.states).join("") + g.other, class: "ground" }), s("path", { ...fine, d: g.borders, class: "borders" }));
      this.sheets = [this.svg];
      this.rings = s("g", {});
      this.svg.append(this.rings);
      const order = film.parties.slice(0, film.states).map((p, k) => k).sort((a, b) => film.value("cloud_capacity", film.months - 1, b) - film.value("cloud_capacity", film.months - 1, a));
      this.marks = order.map((k) => {
        const party = film.parties[k];
        const mark = s("g", { class: "state", role: "button", tabindex: -1, "aria-label": film.name(k), onclick: () => CD.pick("state:" + party.code), onmouseenter: (e) => CD.showTip(e, this.words(k)), onmouseleave: () => CD.hideTip(),
          onfocus: (e) => CD.showTip(e, this.words(k)), onblur: CD.hideTip, "data-code": party.code },
          s("circle", { cx: party.at[0], cy: party.at[1], class: "had" }), s("circle", { cx: party.at[0], cy: party.at[1], class: "gained" }));
        this.rings.append(mark);
        return [k, mark];
      });
      CD.rovingList(this.rings, () => this.marks.map((pair) => pair[1]),
        (mark) => CD.pick("state:" + mark.dataset.code));
      const top = film.range("cloud_capacity")[1] || 1;
      this.radius = (v) => Math.sqrt(Math.max(v, 0) / top) * 17;
    }
    words(k) {
      const film = this.film, month = CD.state.month;
      return [film.name(k), CD.observableTitle("cloud_capacity") + ": " + CD.withUnit(film.value("cloud_capacity", month, k), "MW"), CD.t("gained by pacts: {n}", { n: CD.withUnit(film.value("capacity_gained", month, k), "MW") })];
    }
    paint(month) {
      const own = CD.pickedParties(this.film);
      for (const [k, mark] of this.marks) {
        const whole = this.film.value("cloud_capacity", month, k), base = whole - this.film.value("capacity_gained", month, k);
        const said = [this.radius(base).toFixed(2), this.radius(whole).toFixed(2), whole > base * 1.0001 ? "inline" : "none"];
        if (mark.dataset.said !== said.join()) {
          mark.dataset.said = said.join();
          mark.children[0].setAttribute("r", said[0]);
          mark.children[1].setAttribute("r", said[1]);
          mark.children[1].setAttribute("display", said[2]);
        }
        mark.classList.toggle("chosen", own.includes(k));
      }
    }
  };
})();

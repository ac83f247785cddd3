/* The map: states coloured by an observable, small ones as points, agreements as arcs, closed borders hatched. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const { h, s } = { h: (...a) => CD.h(...a), s: (...a) => CD.s(...a) };

  /* The nearest point in a direction, who lies aside counting as farther: so weighed, arrow keys reach every state. */
  CD.neighbour = function (points, from, way) {
    let best = -1, least = Infinity;
    points.forEach((at, k) => {
      const right = at[0] - points[from][0], down = at[1] - points[from][1];
      const along = right * way[0] + down * way[1], across = Math.abs(right * way[1]) + Math.abs(down * way[0]);
      if (along > 0.05 && along + 2.5 * across < least) { least = along + 2.5 * across; best = k; }
    });
    return best;
  };

  CD.WorldMap = class {
    constructor(film, id) {
      this.film = film;
      this.id = id;
      const g = CD.geometry;
      // Two sheets: land below, what moves above, so that a new arc does not draw every coast again.
      this.over = s("svg", { class: "world-map over", viewBox: g.frame.join(" "), preserveAspectRatio: "xMidYMid meet", role: "group", "aria-label": CD.t("Agreements") });
      this.svg = s("svg", { class: "world-map", viewBox: g.frame.join(" "), role: "group", "aria-label": CD.t("World map"), preserveAspectRatio: "xMidYMid meet" });
      const fine = { transform: "scale(0.1)" };
      const hatch = s("pattern", { id: "hatch-" + id, width: 60, height: 60, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        s("line", { x1: 0, y1: 0, x2: 0, y2: 60, class: "hatch" }));
      this.svg.append(s("defs", {}, hatch), s("path", { ...fine, d: g.edge, class: "sea" }), s("path", { ...fine, d: g.other, class: "outside" }));
      const absent = Object.keys(g.states).filter((code) => !film.index.has(code));
      this.svg.append(s("path", { ...fine, d: absent.map((code) => g.states[code]).join(""), class: "outside" }));
      this.land = s("g", fine);
      this.closed = s("g", { ...fine, class: "closed" });
      this.arcs = s("g", { ...fine, class: "arcs" });
      this.dots = s("g", { class: "dots" });
      this.mark = s("g", { ...fine, class: "picked" });
      this.shapes = new Array(film.states);
      this.classes = new Array(film.states).fill(null);
      this.hatched = new Map();
      for (let k = 0; k < film.states; k++) this.addState(k);
      this.svg.append(this.land, s("path", { ...fine, d: g.borders, class: "borders" }), this.closed);
      // Above all that is drawn each state has a place of its own to be pointed at, even where arcs meet.
      this.over.append(this.arcs, this.mark, this.dots, s("g", { class: "places" }, this.places()));
      this.sheets = [this.svg, this.over];
      this.lines = new Map();
      this.roving = 0;
      for (const sheet of this.sheets) sheet.addEventListener("keydown", (event) => this.onKey(event));
      CD.zoomable(this);
      this.resize(CD.zoom.times);
      CD.rovingList(this.arcs, () => this.arcList(), (line) => CD.pick("treaty:" + line.dataset.arc));
    }
    /* What a state does when it is pointed at, by whatever shape. */
    acts(k) {
      return { "data-party": k, class: "state", onclick: () => CD.pick("state:" + this.film.parties[k].code),
        onmouseenter: (e) => this.tell(e, k), onmouseleave: CD.hideTip };
    }
    /* A circle that is not seen about each state's point, no nearer to another's than half the way. */
    places() {
      const at = this.film.parties.slice(0, this.film.states).map((party) => party.at);
      return at.map(([x, y], k) => {
        const near = Math.min(...at.map(([u, v], j) => (j === k ? Infinity : Math.hypot(u - x, v - y))));
        return s("circle", { ...this.acts(k), cx: x, cy: y, "data-most": 0.49 * near, "aria-hidden": "true" });
      });
    }
    /* What is pointed at keeps its size on the screen when the map comes nearer; points grow a little. */
    resize(times) {
      for (const place of this.over.querySelectorAll(".places circle")) {
        place.setAttribute("r", Math.min(4.5 / times, Number(place.dataset.most)).toFixed(3));
      }
      for (const dot of this.dots.children) dot.setAttribute("r", (2.4 / Math.sqrt(times)).toFixed(3));
    }
    addState(k) {
      const party = this.film.parties[k], d = CD.geometry.states[party.code];
      const point = !d || CD.geometry.small.includes(party.code);
      // One shape of each state takes the keyboard. A shape that merely listens to focus could be tabbed to as well.
      const keys = { role: "button", tabindex: -1, onblur: CD.hideTip,
        onfocus: (e) => { this.rove(k); this.tell(e, k); } };
      const shapes = [];
      if (d) shapes.push(s("path", { d, ...this.acts(k), ...(point ? { "aria-hidden": "true" } : keys) }));
      if (d) this.land.append(shapes[0]);
      if (point) {
        const dot = s("circle", { cx: party.at[0], cy: party.at[1], r: 2.4, ...this.acts(k), ...keys });
        this.dots.append(dot);
        shapes.push(dot);
      }
      this.shapes[k] = shapes;
      this.main(k).setAttribute("aria-label", this.film.name(k));
      if (k === 0) this.main(0).setAttribute("tabindex", 0);
    }
    main(k) {
      return this.shapes[k][this.shapes[k].length - 1];
    }
    rove(k) {
      this.main(this.roving).setAttribute("tabindex", -1);
      this.roving = k;
      this.main(k).setAttribute("tabindex", 0);
    }
    /* Arrow keys go to the nearest state in that direction. */
    onKey(event) {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        CD.pick("state:" + this.film.parties[this.roving].code);
      }
      if (!way) return;
      event.preventDefault();
      const best = CD.neighbour(this.film.parties.slice(0, this.film.states).map((party) => party.at), this.roving, way);
      if (best >= 0) { this.rove(best); this.main(best).focus(); }
    }
    words(k) {
      const film = this.film, month = CD.state.month, name = CD.state.colour;
      const value = CD.valueAt(film, name, month, k), there = this.difference ? CD.difference(name, month, k) : null;
      const shut = film.fields.closure ? film.value("closure", month, k) : 0;
      return [film.name(k), CD.observableTitle(name) + ": " + CD.withUnit(value, CD.unitOf(film, name)),
        this.difference ? CD.t("more than in the twin by: {n}", { n: CD.withUnit(there, CD.unitOf(film, name)) })
          : null,
        shut > 0 ? CD.t("closed to {n} % of meetings", { n: CD.number(100 * shut, 2) }) : null].filter(Boolean);
    }
    tell(event, k) {
      const words = this.words(k);
      this.main(k).setAttribute("aria-label", words.join(", "));
      CD.showTip(event, words);
    }
    paint(month, scale, difference) {
      const film = this.film, name = CD.state.colour;
      this.difference = difference;
      for (let k = 0; k < film.states; k++) {
        const value = difference ? CD.difference(name, month, k) : CD.valueAt(film, name, month, k);
        const cls = Number.isNaN(value) || value === null ? "none" : difference ? CD.signClass(value, scale) : scale.of(value);
        if (cls !== this.classes[k]) {
          for (const shape of this.shapes[k]) shape.style.fill = cls === "none" ? "var(--land)" : "var(--" + cls + ")";
          this.classes[k] = cls;
        }
      }
      this.paintClosed(month);
      this.paintArcs(month, difference);
      this.paintPicked(month);
    }
    paintClosed(month) {
      const film = this.film;
      if (!film.fields.closure) return;
      for (let k = 0; k < film.states; k++) {
        const shut = film.value("closure", month, k) >= 0.5, d = CD.geometry.states[film.parties[k].code];
        if (!d || shut === this.hatched.has(k)) continue;
        if (shut) {
          const path = s("path", { d, fill: "url(#hatch-" + this.id + ")" });
          this.closed.append(path);
          this.hatched.set(k, path);
        } else {
          this.hatched.get(k).remove();
          this.hatched.delete(k);
        }
      }
    }
    /* Of two worlds only what differs is drawn, in the colours of more and less. */
    paintArcs(month, difference) {
      const live = difference
        ? [...this.liveArcs(this.film, month, CD.liveBonds(CD.twin, month), "only-here"),
          ...this.liveArcs(CD.twin, month, CD.liveBonds(this.film, month), "only-there")]
        : this.liveArcs(this.film, month, null, "");
      const picked = CD.split(CD.state.pick)[1], chosen = live.find((one) => one.id === picked);
      const shown = CD.chosenArcs(live, chosen && chosen.key);
      this.told = [shown.size, live.length];
      for (const [key, line] of this.lines) {
        if (!shown.has(key) && line.getAttribute("display") !== "none") line.setAttribute("display", "none");
      }
      for (const one of live) if (shown.has(one.key)) this.paintArc(one, shown.get(one.key), month);
      CD.rovingStop(this.arcList());
    }
    /* Arcs that can be walked through, in the order in which they were signed. */
    arcList() {
      return [...this.lines.values()].filter((line) => line.getAttribute("display") !== "none"
        && !line.classList.contains("faint"));
    }
    liveArcs(film, month, other, more) {
      // A state's own are those of its blocs too; those of a pair have both on them.
      const mine = CD.pickedParties(film).map((party) => [party, ...(party < film.states ? film.blocsOf(party, month) : [])]);
      const out = [];
      film.instruments.forEach((one, k) => {
        let stage = CD.hidden(film.types[one.type].name) || month >= film.months ? null : film.stage(one, month);
        if (other && (other.has(CD.bondOf(film, one)) || stage === "ended")) stage = null;
        if (stage === null) return;
        const since = stage === "force" ? month - one.force : stage === "signed" ? month - one.signed
          : stage === "suspended" ? Infinity : 0;
        const old = one.signed === null || one.signed < 0, parties = CD.partiesOf(one);
        const weights = film.fields.gdp ? parties.map((p) => film.value("gdp", month, p) || 0).sort((a, b) => b - a)
          : [0];
        out.push({ key: more + k, id: one.id, film, one, stage, more, old, since, fresh: !old && since < 3,
          mine: mine.length > 0 && mine.every((own) => parties.some((p) => own.includes(p))), weight: weights[1] || weights[0] });
      });
      return out;
    }
    paintArc({ key, id, film, one, stage, more, old, since, fresh }, how, month) {
      let line = this.lines.get(key);
      const words = () => [...CD.treatyWords(film, one), CD.stageWords(film, one, CD.state.month)];
      if (!line) {
        const tell = (e) => { line.setAttribute("aria-label", words().join(", ")); CD.showTip(e, words()); };
        const colour = more ? null : "stroke:var(--type-" + film.types[one.type].name + ",var(--ink))";
        line = s("g", { role: "button", tabindex: -1, "aria-label": words().join(", "), "data-arc": id,
          onclick: () => CD.pick("treaty:" + id), onmouseenter: tell, onmouseleave: CD.hideTip,
          onfocus: tell, onblur: CD.hideTip },
        s("path", { d: one.path, class: "near" }), s("path", { d: one.path, class: "arc", style: colour }));
        this.arcs.append(line);
        this.lines.set(key, line);
      }
      const chosen = CD.state.pick === "treaty:" + id;
      // Who asks for a party sees its agreements at full strength, old ones too.
      const cls = [stage, more, how, old && how !== "own" ? "old" : "", fresh ? "new" + since : "",
        chosen ? "chosen" : "", one.stage === "terminated" && stage === "ended" ? "fell" : ""]
        .filter(Boolean).join(" ");
      line.removeAttribute("display");
      if (line.getAttribute("class") === cls) return;
      line.setAttribute("class", cls);
      line.setAttribute("aria-label", words().join(", "));
    }
    /* The outline of the chosen state, of a bloc's states, or of both of a pair. */
    paintPicked(month) {
      const film = this.film, parties = CD.pickedParties(film);
      const codes = parties.flatMap((party) => (party < film.states ? [party] : film.statesOf(party, month)));
      const key = codes.join();
      if (key === this.pickedKey) return;
      this.pickedKey = key;
      CD.fill(this.mark, codes.map((k) => CD.geometry.states[film.parties[k].code]).filter(Boolean).map((d) => s("path", { d })),
        codes.filter((k) => !CD.geometry.states[film.parties[k].code] || CD.geometry.small.includes(film.parties[k].code)).map((k) => s("circle", { cx: 10 * film.parties[k].at[0], cy: 10 * film.parties[k].at[1], r: 40 })));
    }
  };
})();

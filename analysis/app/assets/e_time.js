/* The clock: buttons, a slider, events and series, all on one axis of months, aligned to the pixel. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);
  const SPEEDS = [2, 4, 8, 16];
  const EDGE = 8, RIGHT = 44;
  /* Rows of the axis: what is made, what it lives through, what ends. How a kind of event is marked, it says itself. */
  const LANES = ["made", "kept", "ended"], PLAIN = ["circle", "plus", "tick", "cross", "down", "square"];
  CD.markOf = (name) => { const one = CD.wordOf("event", name); return one && one.mark ? one : null; };
  /* How one event is drawn and said: some kinds have marks and words of their own for a value or a reason. */
  CD.markFor = function (film, event) {
    const word = CD.markOf(film.words.event[event[1]]), reason = film.words.reason[event[7]];
    const own = word && (word.shown || []).find((one) => one.values.includes(event[8]) || (event[7] > 0 && one.reasons.includes(reason)));
    return own ? { ...word, ...own, told: own.reasons.length > 0 } : word;
  };
  /* A mark has the colour of the agreement type it is about, and ink where it is about none. */
  CD.markColour = (film, event) => "--c:var(--" + (event[4] < 0 ? "ink)" : "type-" + film.types[event[4]].name + ",var(--ink))");
  /* A line through what is defined; a month that is not is a gap. */
  CD.pathOf = (values, at) => values.map((v, m) => (v === null ? ""
    : (m && values[m - 1] !== null ? "L" : "M") + at(v, m))).join("");
  CD.saidOf = (one) => (CD.lang === "id" && one.said_id) || one.said || CD.title(one);
  /* A mark's path in a box from -r to r around a point; paths lie in a box from -1 to 1. */
  CD.markPath = (name, x, y, r) => CD.shelves.marks.paths[name].replace(/(-?[\d.]+) (-?[\d.]+)/g,
    (pair, a, b) => (x + r * a).toFixed(1) + " " + (y + r * b).toFixed(1) + " ");
  CD.markClass = (name) => "event " + name + (CD.shelves.marks.filled.includes(name) ? " filled" : "")
    + (CD.shelves.marks.fallen.includes(name) ? " bad" : "");
  CD.shape = (name) => s("svg", { viewBox: "-6 -6 12 12", width: 14, height: 14, "aria-hidden": "true", class: "mark" }, s("path", { d: CD.markPath(name, 0, 0, 4), class: CD.markClass(name) }));
  /* Marks of a kind of event: its own, and those for some values or reasons. */
  CD.shapesOf = (word) => [word.mark, ...(word.shown || []).map((one) => one.mark)].map((mark) => CD.shape(mark));
  const ICONS = { play: "M3 1l10 7l-10 7z", pause: "M3 1h3.5v14h-3.5zM9.5 1h3.5v14h-3.5z", first: "M2 1h2.5v14h-2.5zM14 1v14l-9-7z", back: "M12 1v14l-9-7z", step: "M4 1v14l9-7z", last: "M2 1v14l9-7zM11.500 1h2.5v14h-2.5z" };
  CD.icon = (name) => s("svg", { viewBox: "0 0 16 16", width: 14, height: 14, class: "icon", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));

  CD.Clock = class {
    constructor(film, twin) {
      this.film = film;
      this.twin = twin;
      this.box = h("section", { class: "clock", "aria-label": CD.t("Time") });
      this.build();
    }
    build() {
      const button = (name, label, icon, act) => h("button", { type: "button", class: "tool " + name, "aria-label": label, title: label, onclick: act }, CD.icon(icon));
      const last = () => CD.limit();
      this.playButton = button("play", CD.t("Play"), "play", () => this.toggle());
      const speed = h("select", { "aria-label": CD.t("Speed"), onchange: (e) => { CD.set({ speed: Number(e.target.value) }); } },
        SPEEDS.map((v) => h("option", { value: v, selected: v === CD.state.speed }, CD.t("{n} months a second", { n: v }))));
      this.controls = h("div", { class: "controls" },
        button("first", CD.t("First month"), "first", () => CD.go(0)), button("back", CD.t("One month back"), "back", () => CD.go(CD.state.month - 1)),
        this.playButton, button("step", CD.t("One month on"), "step", () => CD.go(CD.state.month + 1)), button("last", CD.t("Last month"), "last", () => CD.go(last())),
        speed, (this.date = h("span", { class: "date", "aria-live": "off" })), this.filters());
      this.slider = h("div", { class: "slider", role: "slider", tabindex: 0, "aria-label": CD.t("Month"), "aria-valuemin": 0, "aria-valuemax": last() });
      this.slider.addEventListener("keydown", (event) => this.onKey(event));
      this.axis = s("svg", { class: "axis", "aria-hidden": "true" });
      this.slider.append(this.axis);
      this.events = s("svg", { class: "events", role: "img" });
      this.rows = h("div", { class: "rows" });
      this.hover = h("div", { class: "hover", hidden: true });
      this.line = h("div", { class: "now" });
      this.tracks = h("div", { class: "tracks" }, this.track(h("div", { class: "rows-of-marks" }, this.film.shocks.map((one) => h("span", {}, h("i", { class: "box shock" }), CD.titleOf("shock", one.name)))), this.slider), this.track(h("div", { class: "rows-of-marks" }, [[CD.N("signed"), "circle"], [CD.N("in force"), "tick", CD.N("in court"), "diamond"], [CD.N("failed or ended"), "cross"]].map((row) => h("span", {}, row.map((one, k) => (k % 2 ? null : [CD.shape(row[k + 1]), CD.t(one)]))))), this.events), this.rows, this.line, this.hover);
      this.box.append(this.controls, this.tracks);
      this.drag();
      this.resize = new ResizeObserver(() => this.draw());
      this.resize.observe(this.tracks);
    }
    track(label, body) {
      return h("div", { class: "track" }, h("div", { class: "gutter" }, label), h("div", { class: "plot" }, body));
    }
    filters() {
      const film = this.film;
      const kinds = [...new Set(film.events.map((e) => film.words.event[e[1]]))].filter((k) => CD.markOf(k));
      const types = film.types.filter((t, n) => film.instruments.some((one) => one.type === n));
      const box = (key, text, mark) => h("label", {}, h("input", { type: "checkbox", checked: !CD.state.hide.includes(key), onchange: (e) => CD.set({ hide: e.target.checked ? CD.state.hide.filter((k) => k !== key) : [...CD.state.hide, key] }) }), mark, text);
      return h("details", { class: "filter" }, h("summary", {}, CD.t("Show")),
        h("div", { class: "panel" }, h("strong", {}, CD.t("Agreements")), types.map((t) => box(t.name, CD.titleOf("agreement", t.name), h("i", { class: "line", style: "background:var(--type-" + t.name + ",var(--ink))" }))),
          h("strong", {}, CD.t("Events")), h("label", {}, h("input", { type: "checkbox", checked: CD.state.only === "yes", onchange: (e) => CD.set({ only: e.target.checked ? "yes" : "" }) }), CD.t("Only those of the selected party")), kinds.map((k) => box(k, CD.saidOf(CD.markOf(k)), CD.shapesOf(CD.markOf(k)))),
          h("strong", {}, CD.t("Series")), Object.entries(this.groups()).map(([metric]) => h("label", {}, h("input", { type: "checkbox", checked: CD.state.series.includes(metric), onchange: (e) => CD.set({ series: e.target.checked ? [...CD.state.series, metric] : CD.state.series.filter((k) => k !== metric) }) }), CD.titleOf("metric", metric)))));
    }
    groups() {
      const out = {};
      for (const [column, one] of Object.entries(this.film.series)) (out[one.metric] = out[one.metric] || []).push(column);
      return out;
    }
    x(month) {
      const n = this.film.months;
      return n < 2 ? EDGE : EDGE + (month * (this.width - EDGE - RIGHT)) / (n - 1);
    }
    monthAt(pixel) {
      return Math.max(0, Math.min(this.film.months - 1, Math.round(((pixel - EDGE) * (this.film.months - 1)) / Math.max(this.width - EDGE - RIGHT, 1))));
    }
    plotBox() {
      return this.slider.getBoundingClientRect();
    }
    drag() {
      // No further than what has been lived.
      const at = (event) => Math.min(CD.limit(), this.monthAt(event.clientX - this.plotBox().left));
      const move = (event) => CD.go(at(event));
      this.tracks.addEventListener("pointerdown", (event) => {
        if (event.target.closest("button, .gutter, .event") || event.button) return;
        event.preventDefault();
        this.slider.focus({ preventScroll: true });
        move(event);
        const stop = () => { window.removeEventListener("pointermove", move); window.removeEventListener("pointerup", stop); };
        window.addEventListener("pointermove", move);
        window.addEventListener("pointerup", stop);
      });
      this.tracks.addEventListener("pointermove", (event) => {
        const box = this.plotBox(), inside = event.clientX >= box.left && event.clientX <= box.right;
        this.hover.hidden = !inside;
        if (!inside) return;
        const month = at(event);
        this.hover.style.left = box.left - this.tracks.getBoundingClientRect().left + this.x(month) + "px";
        CD.fill(this.hover, h("span", { class: month > this.film.months * 0.8 ? "left" : "" }, CD.monthName(this.film, month, true)));
        this.readings(month);
      });
      this.tracks.addEventListener("pointerleave", () => { this.hover.hidden = true; this.readings(CD.state.month); });
    }
    onKey(event) {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12 }[event.key];
      if (step) CD.go(CD.state.month + step);
      else if (event.key === "Home") CD.go(0);
      else if (event.key === "End") CD.go(CD.limit());
      else if (event.key === " ") this.toggle();
      else return;
      event.preventDefault();
    }
    toggle() {
      this.playing ? this.pause() : this.play();
    }
    play() {
      if (CD.state.month >= CD.limit()) CD.go(0);
      this.playing = true;
      this.told();
      const tick = () => {
        if (!this.playing) return;
        const begun = performance.now();
        CD.go(CD.state.month + 1, true);
        if (CD.state.month >= CD.limit()) return this.pause();
        // The next month waits until this one has been drawn.
        requestAnimationFrame(() => { this.timer = setTimeout(tick, Math.max(0, 1000 / CD.state.speed - (performance.now() - begun))); });
      };
      tick();
    }
    pause() {
      this.playing = false;
      clearTimeout(this.timer);
      this.told();
      CD.keepAddress();
    }
    told() {
      const label = this.playing ? CD.t("Pause") : CD.t("Play");
      CD.fill(this.playButton, CD.icon(this.playing ? "pause" : "play"));
      this.playButton.setAttribute("aria-label", label);
      this.playButton.title = label;
    }
    draw() {
      this.width = Math.max(this.plotBox().width, 80);
      this.drawAxis();
      this.drawEvents();
      this.drawRows();
      this.paint(CD.state.month);
    }
    drawAxis() {
      const film = this.film, first = Number(film.start.slice(0, 4)), offset = Number(film.start.slice(5)) - 1;
      const years = [];
      for (let m = (12 - offset) % 12; m < film.months; m += 12) years.push(m);
      const room = this.width / Math.max(years.length, 1), every = room < 34 ? Math.ceil(34 / room) : 1;
      CD.fill(this.axis, s("line", { x1: this.x(0), x2: this.x(film.months - 1), y1: 10, y2: 10, class: "rail" }), s("line", { x1: this.x(0), x2: this.x(0), y1: 10, y2: 10, class: "run" }),
        film.shocks.map((one) => one.spells.filter(([from]) => from <= CD.limit()).map(([from, until]) => s("rect", { x: this.x(from), width: Math.max(3, this.x(Math.min(until, CD.limit() + 1) - 1) - this.x(from)), y: 1, height: 4, class: "shock", "data-shock": one.name }))),
        (film.dated || []).filter((one) => one.kind === "mark" && one.from <= CD.limit()).map((one) => s("path", { class: "event plus dated", d: CD.markPath("plus", this.x(one.from), 4, 3.5),
          onmouseenter: (e) => CD.showTip(e, [CD.monthName(film, one.from), CD.own(one, "note")]), onmouseleave: () => CD.hideTip() })),
        years.map((m, k) => [s("line", { x1: this.x(m), x2: this.x(m), y1: 6, y2: 14, class: "tick" }), k % every === 0 ? s("text", { x: this.x(m), y: 28, class: "year", "text-anchor": m < 2 ? "start" : "middle" }, String(first + Math.floor((m + offset) / 12))) : null]),
        s("circle", { r: 7, cy: 10, class: "thumb" }));
      this.run = this.axis.querySelector(".run");
      this.thumb = this.axis.querySelector(".thumb");
    }
    /* Rows of marks: one for each month, kind and type, the larger the more of them. */
    drawEvents() {
      const film = this.film, [kind, code] = CD.split(CD.state.pick), party = kind === "state" && CD.state.only === "yes" ? film.index.get(code) : undefined;
      const found = new Map();
      for (const event of film.events) {
        const name = film.words.event[event[1]], mark = CD.markOf(name);
        if (!mark || event[0] < 0 || event[0] > CD.limit() || CD.state.hide.includes(name) || (event[4] >= 0 && CD.hidden(film.types[event[4]].name))) continue;
        if (party !== undefined && event[2] !== party && event[3] !== party) continue;
        const shown = CD.markFor(film, event), key = event[0] + ":" + event[4] + ":" + name + ":" + shown.mark, one = found.get(key);
        if (one) one.events.push(event);
        else found.set(key, { shown, events: [event] });
      }
      const high = new Map();
      CD.fill(this.events, [...found.values()].map(({ shown, events }) => {
        const event = events[0], { mark: shape, lane } = shown, row = LANES.indexOf(lane), place = row + ":" + event[0], n = high.get(place) || 0;
        high.set(place, n + 1);
        // A mark of several strokes needs more room than a dot or a stroke.
        const size = Math.min((PLAIN.includes(shape) ? 1.6 : 2.6) + 0.6 * events.length, 4), bad = CD.shelves.marks.fallen.includes(shape);
        const words = CD.eventWords(film, event), more = events.length > 1 ? [CD.t("and {n} more of the kind", { n: events.length - 1 })] : [];
        return s("path", { class: CD.markClass(shape), d: CD.markPath(shape, this.x(event[0]), 9 + row * 19 + n * 7 - 3, size), style: bad ? null : CD.markColour(film, event),
          onclick: () => { CD.go(event[0]); CD.pickEvent(film, event); }, onmouseenter: (e) => CD.showTip(e, [...words, ...more]), onmouseleave: () => CD.hideTip() });
      }));
      this.events.setAttribute("height", 60);
      const drawn = [...found.values()].reduce((sum, one) => sum + one.events.length, 0), kinds = new Map();
      for (const { shown, events } of found.values()) kinds.set(CD.saidOf(shown), (kinds.get(CD.saidOf(shown)) || 0) + events.length);
      const each = [...kinds].sort((a, b) => b[1] - a[1]).map(([said, n]) => said + " " + CD.number(n));
      this.events.setAttribute("aria-label", [CD.tn("{n} event on the axis", "{n} events on the axis", drawn), ...each].join(", "));
    }
    drawRows() {
      const groups = this.groups();
      this.shown = CD.state.series.filter((metric) => groups[metric]).map((metric) => {
        const columns = CD.mostOf(this.film, groups[metric]), svg = s("svg", { class: "row", role: "img", "aria-label": CD.titleOf("metric", metric) });
        const films = this.twin ? [this.film, this.twin] : [this.film];
        const lived = (film, c) => film.series[c].values.slice(0, CD.limit() + 1);
        const all = films.flatMap((film) => columns.flatMap((c) => (film.series[c] ? lived(film, c) : [])));
        const high = Math.max(...all, 1e-9), low = Math.min(0, ...all), H = CD.state.large ? 58 : 44;
        const y = (v) => 13 + (H - 16) * (1 - (v - low) / (high - low));
        svg.setAttribute("height", H);
        svg.append(s("line", { x1: this.x(0), x2: this.x(this.film.months - 1), y1: y(0), y2: y(0), class: "zero" }), s("text", { x: this.x(this.film.months - 1) + 6, y: 11, class: "most" }, CD.number(high, 2)), s("text", { x: this.x(0) + 2, y: 9, class: "most" }, CD.t(this.film.series[columns[0]].unit)));
        films.forEach((film, n) => columns.forEach((c) => {
          if (!film.series[c] || !lived(film, c).some((v) => v)) return;
          const d = CD.pathOf(lived(film, c), (v, m) => this.x(m).toFixed(1) + " " + y(v).toFixed(1));
          svg.append(s("path", { d, class: n ? "line twin" : "line", style: "stroke:" + CD.columnColour(metric, c) }));
        }));
        const reading = h("div", { class: "reading" });
        const name = h("button", { class: "term", type: "button", title: CD.titleOf("metric", metric), onclick: () => CD.openPart("metric", metric) }, CD.titleOf("metric", metric));
        const left = groups[metric].length - columns.length;
        return { metric, columns, left, reading, row: h("div", { class: "track" }, h("div", { class: "gutter" }, name, reading), h("div", { class: "plot" }, svg)) };
      });
      CD.fill(this.rows, this.shown.map((one) => one.row));
    }
    readings(month) {
      for (const { metric, columns, left, reading } of this.shown || []) {
        const live = columns.filter((c) => this.film.series[c].values.some((v) => v));
        CD.fill(reading, live.length ? [live.map((c) => {
          const value = this.film.series[c].values[month], other = this.twin && this.twin.series[c] ? this.twin.series[c].values[month] : null;
          return h("span", { title: CD.columnTitle(metric, c) }, h("i", { class: "swatch", style: "background:" + CD.columnColour(metric, c) }), h("span", { class: "unseen" }, CD.columnTitle(metric, c) + " "), CD.number(value), other === null || other === undefined ? "" : " / " + CD.number(other));
        }), left ? h("button", { type: "button", class: "link", onclick: () => CD.openPart("metric", metric) }, CD.t("and {n} more", { n: left })) : null] : this.film.lived === 0 ? "–" : "0");
      }
    }
    paint(month) {
      const label = CD.monthName(this.film, month);
      this.date.textContent = label + " · " + CD.t("month {n} of {all}", { n: month + 1, all: this.film.months });
      this.slider.setAttribute("aria-valuenow", month);
      // What befalls the world in this month is said with it, for those who do not see the band on the axis.
      const felt = this.film.shocks.filter((one) => one.spells.some(([from, until]) => from <= month && month < until));
      this.slider.setAttribute("aria-valuetext", [label, ...felt.map((one) => CD.titleOf("shock", one.name))].join(", "));
      if (!this.thumb) return;
      this.thumb.setAttribute("cx", this.x(month));
      this.run.setAttribute("x2", this.x(month));
      this.line.style.transform = "translateX(" + (this.slider.offsetLeft + this.x(month)) + "px)";
      this.readings(month);
    }
  };

  /* Colour and name of a column: of an agreement type or a channel where its name ends in one, else its own words. */
  const LINES = ["blue", "orange", "green", "pink", "sky", "red", "quiet"];
  CD.columnColour = function (metric, column) {
    for (const type of Object.keys(CD.shelves.parts.agreement)) if (column.endsWith("_" + type)) return "var(--type-" + type + ")";
    for (const channel of CD.shelves.channels) if (column.endsWith("_" + channel)) return "var(--channel-" + channel + ")";
    if (!CD.columnWords(column)) return "var(--ink)";
    const drawn = CD.mostOf(CD.film, Object.keys(CD.film.series).filter((name) => CD.film.series[name].metric === metric));
    return drawn.includes(column) ? "var(--" + LINES[drawn.indexOf(column)] + ")" : "transparent";
  };
  CD.columnTitle = function (metric, column) {
    for (const type of Object.keys(CD.shelves.parts.agreement)) if (column.endsWith("_" + type)) return CD.titleOf("agreement", type);
    for (const channel of CD.shelves.channels) if (column.endsWith("_" + channel)) return CD.word("channel", channel);
    return CD.columnWords(column) ? CD.title(CD.columnWords(column)) : CD.titleOf("metric", metric);
  };
  /* Columns that are drawn: where a metric tells of more than can be told apart, those that reach furthest from 0, in
     the metric's order. */
  CD.mostOf = function (film, columns) {
    if (columns.length <= LINES.length || !columns.some((name) => CD.columnWords(name))) return columns;
    const far = (name) => Math.max(...film.series[name].values.map((v) => Math.abs(v || 0)));
    const most = [...columns].sort((a, b) => far(b) - far(a)).slice(0, LINES.length);
    return columns.filter((name) => most.includes(name));
  };
})();

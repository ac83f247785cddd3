/* The bargaining plane: gain of one side against gain of the other; walls, zone, frontier, points of theory, offers, result. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);
  const W = 330, H = 300, PAD = { left: 52, right: 12, top: 12, bottom: 38 };

  CD.plane = function (film, n, plane) {
    const t = film.talks[n], names = [film.name(t[1]), film.name(t[2])];
    const gain = (u) => [u[0] - plane.d[0], u[1] - plane.d[1]];
    const curve = plane.frontier.filter((u) => u[0] !== null && u[1] !== null).map(gain);
    if (!curve.length) return h("p", {}, CD.t("No text was possible at all."));
    const walls = gain(plane.r), offers = (plane.offers || []).map((o) => ({ month: o[0], step: o[1], side: o[2], at: gain(o[3]) }));
    const points = [["nash_point", plane.nash], ["ks_point", plane.fair]].filter(([, u]) => u).map(([name, u]) => [name, gain(u)]);
    const result = plane.result ? gain(plane.result) : null;
    /* The frontier's ends may lie far below zero; what matters lies about the zone, so the view stops a little below no agreement. */
    const all = [[0, 0], walls, ...points.map((p) => p[1]), ...(result ? [result] : []), ...offers.map((o) => o.at)];
    const top = [0, 1].map((i) => Math.max(...all.map((p) => p[i]), ...curve.filter((p) => p[1 - i] >= -1e-9).map((p) => p[i]), 1e-6));
    const foot = [0, 1].map((i) => Math.min(0, -0.12 * top[i], ...offers.map((o) => Math.max(o.at[i], -0.8 * top[i]))));
    const span = [0, 1].map((i) => [foot[i] - 0.04 * (top[i] - foot[i]), top[i] + 0.1 * (top[i] - foot[i])]);
    const x = (v) => PAD.left + ((v - span[0][0]) / (span[0][1] - span[0][0])) * (W - PAD.left - PAD.right);
    const y = (v) => H - PAD.bottom - ((v - span[1][0]) / (span[1][1] - span[1][0])) * (H - PAD.top - PAD.bottom);
    const at = (p) => x(p[0]).toFixed(1) + " " + y(p[1]).toFixed(1);
    const id = "clip" + n + "-" + Math.round(x(0));
    const clip = s("clipPath", { id }, s("rect", { x: PAD.left, y: PAD.top, width: W - PAD.left - PAD.right, height: H - PAD.top - PAD.bottom }));
    const body = s("g", { "clip-path": `url(#${id})` });
    const zone = curve.filter((p) => p[0] >= walls[0] && p[1] >= walls[1]);
    if (zone.length > 1) body.append(s("path", { class: "zone", d: "M" + at([walls[0], Math.max(...zone.map((p) => p[1]))]) + zone.map((p) => "L" + at(p)).join("") + "L" + at([Math.max(...zone.map((p) => p[0])), walls[1]]) + "L" + at(walls) + "z" }));
    body.append(s("path", { class: "axis", d: `M${x(0)} ${PAD.top}V${H - PAD.bottom}M${PAD.left} ${y(0)}H${W - PAD.right}` }));
    body.append(s("path", { class: "wall", d: `M${x(walls[0])} ${PAD.top}V${H - PAD.bottom}` }), s("path", { class: "wall", d: `M${PAD.left} ${y(walls[1])}H${W - PAD.right}` }));
    /* Solid where those who must consent at home would, dashed where they would not. */
    const passed = (k) => plane.ratified[0][k] === "1" && plane.ratified[1][k] === "1";
    curve.slice(1).forEach((p, k) => body.append(s("path", { class: passed(k) && passed(k + 1) ? "frontier" : "frontier outside", d: "M" + at(curve[k]) + "L" + at(p) })));
    [0, 1].forEach((side) => {
      const path = offers.filter((o) => o.side === side);
      if (path.length > 1) body.append(s("path", { class: "offers side" + side, d: path.map((o, k) => (k ? "L" : "M") + at(o.at)).join("") }));
      path.forEach((o, k) => body.append(s("circle", { class: "offer side" + side, r: k === path.length - 1 ? 4 : 2.5, cx: x(o.at[0]), cy: y(o.at[1]) }, s("title", {}, CD.t("round {n}, {when}: {name} offers", { n: o.step + 1, when: CD.monthName(film, o.month, true), name: names[side] })))));
      const last = path[path.length - 1];
      if (last) body.append(s("text", { class: "offer-number", x: x(last.at[0]) + 6, y: y(last.at[1]) + 3 }, String(last.step + 1)));
    });
    const shapes = { nash_point: (p) => s("path", { class: "point", d: `M${x(p[0])} ${y(p[1]) - 6}l6 6l-6 6l-6 -6z` }, s("title", {}, CD.termTitle("nash_point"))), ks_point: (p) => s("rect", { class: "point", x: x(p[0]) - 4.5, y: y(p[1]) - 4.5, width: 9, height: 9 }, s("title", {}, CD.termTitle("ks_point"))) };
    points.forEach(([name, p]) => body.append(shapes[name](p)));
    if (result) body.append(s("circle", { class: "result", r: 5, cx: x(result[0]), cy: y(result[1]) }, s("title", {}, CD.t("What was signed"))));
    const svg = s("svg", { class: "plane", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": story(film, n, plane) }, clip, ticks(span, x, y), body,
      s("text", { class: "title", x: (W + PAD.left) / 2, y: H - 4, "text-anchor": "middle" }, CD.t("gain of {name} (bp of GDP a year)", { name: brief(film, t[1]) })),
      s("text", { class: "title", transform: `translate(10 ${(H - PAD.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, CD.t("gain of {name}", { name: brief(film, t[2]) })));
    const key = h("p", { class: "key small" }, result ? h("span", {}, h("i", { class: "dot result" }), CD.t("signed")) : null, points.map(([name]) => h("span", {}, h("i", { class: name === "nash_point" ? "diamond" : "square" }), CD.term(name))), h("span", {}, h("i", { class: "wall" }), CD.term("reservation")), h("span", {}, h("i", { class: "shade" }), CD.term("zone")),
      curve.some((p, k) => !passed(k)) ? h("span", {}, h("i", { class: "dashed" }), CD.t("ratifiers would refuse")) : null, offers.length ? [0, 1].map((side) => h("span", {}, h("i", { class: "dot side" + side }), CD.t("offers of {name}", { name: names[side] }))) : null);
    return h("figure", {}, svg, key, h("figcaption", {}, story(film, n, plane)), offers.length ? rounds(film, plane, names) : h("p", { class: "small" }, CD.t("Under this protocol the sides conclude at once, after enough contacts; there are no offers to show.")),
      h("p", { class: "small" }, CD.t("Each side's bargaining weight: {a} and {b}.", { a: CD.number(plane.weight[0], 2), b: CD.number(plane.weight[1], 2) })));
  };

  /* A long name gives way to its code where room is short. */
  const brief = (film, k) => (film.name(k).length > 18 ? film.parties[k].code : film.name(k));

  function ticks(span, x, y) {
    const marks = [];
    [0, 1].forEach((i) => {
      const step = CD.niceStep((span[i][1] - span[i][0]) / 4);
      for (let v = Math.ceil(span[i][0] / step) * step; v <= span[i][1]; v += step) {
        const text = CD.number(Math.abs(v) < step / 1e6 ? 0 : v, 2);
        marks.push(i ? s("text", { class: "tick", x: PAD.left - 4, y: y(v) + 4, "text-anchor": "end" }, text) : s("text", { class: "tick", x: x(v), y: H - PAD.bottom + 13, "text-anchor": "middle" }, text));
      }
    });
    return marks;
  }

  function rounds(film, plane, names) {
    return h("details", {}, h("summary", {}, CD.tn("{n} offer, round by round", "{n} offers, round by round", plane.offers.length)),
      h("table", { class: "rounds" }, h("thead", {}, h("tr", {}, [CD.t("Round"), CD.t("Month"), CD.t("From"), CD.t("Gain of {name}", { name: names[0] }), CD.t("Gain of {name}", { name: names[1] })].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, plane.offers.map((o) => h("tr", {}, h("td", {}, o[1] + 1), h("td", {}, CD.monthName(film, o[0], true)), h("td", {}, names[o[2]]), [0, 1].map((i) => h("td", {}, CD.number(o[3][i] - plane.d[i], 3))))))));
  }

  /* Why it ended as it did, in a sentence. */
  function story(film, n, plane) {
    const t = film.talks[n], names = [film.name(t[1]), film.name(t[2])], reason = film.words.reason[t[7]];
    const values = { a: names[0], b: names[1] };
    if (plane.result) {
      const gains = [0, 1].map((i) => plane.result[i] - plane.d[i]);
      values.x = CD.number(gains[0], 2);
      values.y = CD.number(gains[1], 2);
      const moved = plane.nash && film.protocol === "nash" && Math.hypot(...[0, 1].map((i) => (plane.nash[i] - plane.result[i]) / Math.max(Math.abs(plane.nash[i] - plane.d[i]), 1e-9))) > 0.02;
      return CD.t("Signed: {a} gains {x} and {b} gains {y} basis points over no agreement.", values) + (moved ? " " + CD.t("Ratifiers at home moved the text away from the Nash point.") : "");
    }
    const told = {
      no_zone: CD.N("It failed: no text was better for both than what each could have without it."), no_text: CD.N("It failed: the two sides' limits left no text at all."), deadline: CD.N("It failed: the deadline passed before either accepted the other's offer."),
      refused: CD.N("It failed: one side refused the text on the table."), lapsed: CD.N("It lapsed: too long without a contact."), competence_lost: CD.N("It ended: one side no longer speaks for itself on this."), no_win_set: CD.N("It failed: no text would have passed the ratifiers of both."),
      not_ratifiable: CD.N("It failed: one side could not have brought the text home."),
    };
    return CD.t(told[reason] || "It had not come to an end.", values);
  }
  CD.stories = story;
})();

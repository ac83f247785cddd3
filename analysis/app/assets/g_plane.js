/* The bargaining plane: gain of one side against gain of the other; walls, zone, frontier, points of theory, offers, result. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);
  const W = 330, H = 300, PAD = { left: 52, right: 12, top: 12, bottom: 38 };

  /* What is drawn, as gains over no agreement: nothing here touches the page, so a test can ask it alone. */
  CD.planeView = function (plane) {
    const gain = (u) => [u[0] - plane.d[0], u[1] - plane.d[1]];
    const known = (list) => (list || []).filter((u) => u && u[0] !== null && u[1] !== null).map(gain);
    const curve = known(plane.frontier), zone = known(plane.zone), walls = gain(plane.r);
    const offers = (plane.offers || []).map((o) => ({ month: o[0], step: o[1], side: o[2], at: gain(o[3]) }));
    const points = [["nash_point", plane.nash], ["ks_point", plane.fair]]
      .filter(([, u]) => u).map(([name, u]) => [name, gain(u)]);
    const result = plane.result ? gain(plane.result) : null;
    /* The best text of each side is an end of its frontier. */
    const best = curve.length ? [curve[curve.length - 1], curve[0]] : [];
    const marks = [[0, 0], walls, ...points.map((p) => p[1]), ...(result ? [result] : []), ...offers.map((o) => o.at),
      ...zone];
    /* The frontier's ends may lie far below zero. Where there is a zone, what matters lies about it, and the view stops
       a little below no agreement; where there is none, the whole frontier and both walls are what there is to see. */
    const top = [0, 1].map((i) => Math.max(...marks.map((p) => p[i]),
      ...curve.filter((p) => !zone.length || p[1 - i] >= -1e-9).map((p) => p[i]), 1e-6));
    const foot = [0, 1].map((i) => (zone.length
      ? Math.min(0, -0.12 * top[i], ...offers.map((o) => Math.max(o.at[i], -0.8 * top[i])))
      : Math.min(0, ...marks.map((p) => p[i]), ...curve.map((p) => p[i]))));
    const span = [0, 1].map((i) => {
      const wide = top[i] - foot[i];
      return [foot[i] - (zone.length ? 0.04 : 0.08) * wide, top[i] + 0.1 * wide];
    });
    const seen = (p) => [0, 1].every((i) => p[i] >= span[i][0] && p[i] <= span[i][1]);
    /* The zone: from one wall along the frontier to the other, and back to where the walls meet. */
    const area = zone.length ? [[walls[0], zone[0][1]], ...zone, [zone[zone.length - 1][0], walls[1]], walls] : [];
    return { curve, zone, area, walls, offers, points, result, best, span, seen };
  };

  CD.plane = function (film, n, plane) {
    const t = film.talks[n], names = [film.name(t[1]), film.name(t[2])];
    const { curve, area, walls, offers, points, result, best, span, seen } = CD.planeView(plane);
    if (!curve.length) return h("p", {}, CD.t("No text was possible at all."));
    const x = (v) => PAD.left + ((v - span[0][0]) / (span[0][1] - span[0][0])) * (W - PAD.left - PAD.right);
    const y = (v) => H - PAD.bottom - ((v - span[1][0]) / (span[1][1] - span[1][0])) * (H - PAD.top - PAD.bottom);
    const at = (p) => x(p[0]).toFixed(1) + " " + y(p[1]).toFixed(1);
    const id = "clip" + n + "-" + Math.round(x(0));
    const clip = s("clipPath", { id },
      s("rect", { x: PAD.left, y: PAD.top, width: W - PAD.left - PAD.right, height: H - PAD.top - PAD.bottom }));
    const body = s("g", { "clip-path": `url(#${id})` });
    if (area.length) body.append(s("path", { class: "zone", d: "M" + area.map(at).join("L") + "z" }));
    body.append(s("path", { class: "axis", d: `M${x(0)} ${PAD.top}V${H - PAD.bottom}M${PAD.left} ${y(0)}H${W - PAD.right}` }));
    body.append(s("path", { class: "wall", d: `M${x(walls[0])} ${PAD.top}V${H - PAD.bottom}` }),
      s("path", { class: "wall", d: `M${PAD.left} ${y(walls[1])}H${W - PAD.right}` }));
    /* Solid where those who must consent at home would, dashed where they would not. */
    const passed = (k) => plane.ratified[0][k] === "1" && plane.ratified[1][k] === "1";
    curve.slice(1).forEach((p, k) => body.append(s("path", {
      class: passed(k) && passed(k + 1) ? "frontier" : "frontier outside", d: "M" + at(curve[k]) + "L" + at(p) })));
    const bestText = (side) => CD.t("best text of {name}", { name: names[side] });
    const ends = [0, 1].filter((side) => best.length && seen(best[side]));
    for (const side of ends) {
      body.append(s("circle", { class: "best side" + side, r: 4.5, cx: x(best[side][0]), cy: y(best[side][1]) },
        s("title", {}, bestText(side))));
    }
    const dots = [];
    [0, 1].forEach((side) => {
      const path = offers.filter((o) => o.side === side);
      if (path.length > 1) {
        body.append(s("path", { class: "offers side" + side,
          d: path.map((o, k) => (k ? "L" : "M") + at(o.at)).join("") }));
      }
      path.forEach((o, k) => {
        const said = [CD.t("round {n}, {when}: {name} offers",
          { n: o.step + 1, when: CD.monthName(film, o.month, true), name: names[side] }),
        ...[0, 1].map((i) => CD.t("Gain of {name}", { name: names[i] }) + ": " + CD.number(o.at[i], 3))];
        const dot = s("circle", { class: "offer side" + side, r: k === path.length - 1 ? 4 : 2.5,
          cx: x(o.at[0]), cy: y(o.at[1]), role: "img", "aria-label": said.join(", "),
          onmouseenter: (e) => CD.showTip(e, said), onmouseleave: CD.hideTip,
          onfocus: (e) => CD.showTip(e, said), onblur: CD.hideTip });
        dots.push([o.step, dot]);
        body.append(dot);
      });
      const last = path[path.length - 1];
      if (last) body.append(s("text", { class: "offer-number", x: x(last.at[0]) + 6, y: y(last.at[1]) + 3 }, String(last.step + 1)));
    });
    CD.rovingList(body, () => dots.sort((a, b) => a[0] - b[0]).map((pair) => pair[1]));
    const shapes = {
      nash_point: (p) => s("path", { class: "point", d: `M${x(p[0])} ${y(p[1]) - 6}l6 6l-6 6l-6 -6z` }),
      ks_point: (p) => s("rect", { class: "point", x: x(p[0]) - 4.5, y: y(p[1]) - 4.5, width: 9, height: 9 }),
    };
    points.forEach(([name, p]) => {
      const shape = shapes[name](p);
      shape.append(s("title", {}, CD.termTitle(name)));
      body.append(shape);
    });
    if (result) {
      body.append(s("circle", { class: "result", r: 5, cx: x(result[0]), cy: y(result[1]) },
        s("title", {}, CD.t("What was signed"))));
    }
    const told = story(film, n, plane);
    const role = offers.length ? "group" : "img";
    const svg = s("svg", { class: "plane", viewBox: `0 0 ${W} ${H}`, role, "aria-label": told },
      clip, ticks(span, x, y), body,
      s("text", { class: "title", x: (W + PAD.left) / 2, y: H - 4, "text-anchor": "middle" },
        CD.t("gain of {name} (bp of GDP a year)", { name: brief(film, t[1]) })),
      s("text", { class: "title", transform: `translate(10 ${(H - PAD.bottom) / 2}) rotate(-90)`,
        "text-anchor": "middle" },
        CD.t("gain of {name}", { name: brief(film, t[2]) })));
    const key = h("p", { class: "key small" },
      result ? h("span", {}, h("i", { class: "dot result" }), CD.t("signed")) : null,
      points.map(([name]) => h("span", {}, h("i", { class: name === "nash_point" ? "diamond" : "square" }),
        CD.term(name))),
      ends.map((side) => h("span", {}, h("i", { class: "dot best side" + side }), bestText(side))),
      h("span", {}, h("i", { class: "wall" }), CD.term("reservation")),
      area.length ? h("span", {}, h("i", { class: "shade" }), CD.term("zone"))
        : h("span", {}, CD.t("no zone of agreement")),
      curve.some((p, k) => !passed(k)) ? h("span", {}, h("i", { class: "dashed" }), CD.t("ratifiers would refuse"))
        : null,
      offers.length ? [0, 1].map((side) => h("span", {}, h("i", { class: "dot side" + side }),
        CD.t("offers of {name}", { name: names[side] }))) : null);
    const protocol = CD.partOf("protocol", film.protocol);
    const none = protocol.rounds ? CD.t("Nobody had made an offer yet.")
      : CD.t("Under this protocol the sides conclude at once, after enough contacts; there are no offers to show.");
    return h("figure", {}, svg, key, h("figcaption", {}, told),
      plane.half ? h("p", { class: "small" },
        CD.t("These talks were half of a package; the plane shows this half alone.")) : null,
      offers.length ? rounds(film, plane, names) : h("p", { class: "small" }, none),
      points.length ? h("p", { class: "small" },
        CD.t("Each side's bargaining weight: {a} and {b}. The marked points count with it.",
          { a: CD.number(plane.weight[0], 2), b: CD.number(plane.weight[1], 2) })) : null);
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

  /* Why it ended as it did, in a few sentences. */
  const FAILED = {
    no_zone: CD.N("It failed: no text was better for both than what each could have without it."),
    no_text: CD.N("It failed: the two sides' limits left no text at all."),
    deadline: CD.N("It failed: the deadline passed before either accepted the other's offer."),
    refused: CD.N("It failed: one side refused the text on the table."),
    lapsed: CD.N("It lapsed: too long without a contact."),
    competence_lost: CD.N("It ended: one side no longer speaks for itself on this."),
    no_win_set: CD.N("It failed: no text would have passed the ratifiers of both."),
    not_ratifiable: CD.N("It failed: one side could not have brought the text home."),
    walked_away: CD.N("It ended: one side walked away from the table."),
  };
  function story(film, n, plane) {
    const t = film.talks[n], names = [film.name(t[1]), film.name(t[2])], reason = film.words.reason[t[7]];
    const values = { a: names[0], b: names[1] };
    if (plane.result) {
      const gains = [0, 1].map((i) => plane.result[i] - plane.d[i]);
      values.x = CD.number(gains[0], 2);
      values.y = CD.number(gains[1], 2);
      return CD.t("Signed: {a} gains {x} and {b} gains {y} basis points over no agreement.", values)
        + (plane.moved ? " " + CD.t("Ratifiers at home moved it from what the executives would sign alone.") : "");
    }
    const told = [FAILED[reason] ? CD.t(FAILED[reason]) : t[6] === "open" ? CD.t("It had not come to an end.")
      : CD.t("It failed: {reason}.", { reason: CD.word("reason", reason).toLowerCase() })];
    return [...told, ...obstacle(film, t, plane, names)].join(" ");
  }
  /* Where no text was good enough for both: who fell short, by how much, and over which issue. */
  function obstacle(film, t, plane, names) {
    const out = (plane.refuse || []).flatMap((all, side) => (all
      ? [CD.t("Those who must consent in {a} would refuse every text of the zone.", { a: names[side] })] : []));
    const one = plane.obstacle;
    if (!one) return out;
    const i = one.side, bp = (v) => CD.number(v - plane.d[i], 2);
    const values = { a: names[i], b: names[1 - i], need: bp(plane.r[i]) };
    if (one.most[i] < plane.r[i] || one.beside[i] === null) {
      out.push(CD.t("The best text for {a} brings it {most} bp; it signs for no less than {need}.",
        { ...values, most: bp(one.most[i]) }));
    } else {
      out.push(CD.t(
        "Once {b} has its reservation value, {a} can have {most} bp at most; it signs for no less than {need}.",
        { ...values, most: bp(one.beside[i]) }));
    }
    if (plane.r[i] - plane.d[i] > 1e-9) out.push(CD.t("Its best alternative partner promises {a} that much.", values));
    if (one.issue !== null) {
      out.push(CD.t("The issue that costs {a} most there is {issue}: {cost} bp.",
        { ...values, issue: CD.word("issue", film.types[t[0]].issues[one.issue]).toLowerCase(),
          cost: CD.number(one.cost, 2) }));
    }
    return out;
  }
  CD.stories = story;
})();

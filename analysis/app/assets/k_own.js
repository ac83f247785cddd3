/* The player's own side of a table: what each offer is worth to it, round by round, and its walls; the other side's mind is not there. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);
  const W = 330, H = 260, PAD = { left: 52, right: 12, top: 12, bottom: 38 };

  /* What may be told of a table in the film of a game; null where the film is of no game and all may be told. */
  CD.ownTable = function (film, n, plane) {
    if (!film.seat || film.lived === undefined) return null;
    if (n < -1) return h("p", { class: "small" }, CD.t("It was bargained between two others; what they said there is theirs alone."));
    if (n < 0 || !CD.tables) return null;
    if (!plane) return h("p", { class: "small" }, CD.t("No text has been on this table yet."));
    return [h("h3", {}, CD.t("Your side of the table")), chart(film, n, plane)];
  };
  function chart(film, n, plane) {
    const t = film.talks[n], mine = plane.own, other = film.name(t[2 - mine]), offers = plane.offers.filter((o) => o[3] !== null);
    const gain = (u) => u - plane.d, wall = gain(plane.r), result = plane.result === null ? null : gain(plane.result);
    const all = [0, wall, ...offers.map((o) => gain(o[3])), ...(result === null ? [] : [result])];
    const low = Math.min(...all), high = Math.max(...all), room = 0.12 * Math.max(high - low, 1e-6), last = Math.max(1, offers.length);
    const x = (k) => PAD.left + ((k + 0.5) / last) * (W - PAD.left - PAD.right);
    const y = (v) => H - PAD.bottom - ((v - low + room) / (high - low + 2 * room)) * (H - PAD.top - PAD.bottom);
    const svg = s("svg", { class: "plane own", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": story(film, t, plane, other) });
    const step = CD.niceStep((high - low + 2 * room) / 4);
    for (let v = Math.ceil((low - room) / step) * step; v <= high + room; v += step) svg.append(s("text", { class: "tick", x: PAD.left - 4, y: y(v) + 4, "text-anchor": "end" }, CD.number(Math.abs(v) < step / 1e6 ? 0 : v, 2)));
    svg.append(s("path", { class: "axis", d: `M${PAD.left} ${y(0)}H${W - PAD.right}` }), s("path", { class: "wall", d: `M${PAD.left} ${y(wall)}H${W - PAD.right}` }));
    [mine, 1 - mine].forEach((side) => {
      const path = offers.map((o, k) => [o, k]).filter(([o]) => o[2] === side), cls = " side" + (side === mine ? 0 : 1);
      if (path.length > 1) svg.append(s("path", { class: "offers" + cls, d: path.map(([o, k], at) => (at ? "L" : "M") + x(k).toFixed(1) + " " + y(gain(o[3])).toFixed(1)).join("") }));
      path.forEach(([o, k]) => svg.append(s("circle", { class: "offer" + cls, r: 3, cx: x(k), cy: y(gain(o[3])) }, s("title", {}, CD.t("round {n}, {when}: {name} offers", { n: o[1] + 1, when: CD.monthName(film, o[0], true), name: side === mine ? film.name(t[1 + mine]) : other })))));
    });
    if (result !== null) svg.append(s("circle", { class: "result", r: 5, cx: W - PAD.right - 8, cy: y(result) }, s("title", {}, CD.t("What was signed"))));
    svg.append(s("text", { class: "title", x: (W + PAD.left) / 2, y: H - 8, "text-anchor": "middle" }, CD.t("offers, in their order")),
      s("text", { class: "title", transform: `translate(10 ${(H - PAD.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, CD.t("your gain (bp of GDP a year)")));
    return h("figure", {}, svg, h("p", { class: "key small" }, h("span", {}, h("i", { class: "wall" }), CD.t("your reservation value")), h("span", {}, h("i", { class: "dot side0" }), CD.t("your offers")), h("span", {}, h("i", { class: "dot side1" }), CD.t("offers of {name}", { name: other })), result === null ? null : h("span", {}, h("i", { class: "dot result" }), CD.t("signed"))),
      h("figcaption", {}, story(film, t, plane, other)), offers.length ? null : h("p", { class: "small" }, CD.t("No offers have been made. Under a protocol without rounds the text is settled at once, after enough contacts.")));
  }
  function story(film, t, plane, other) {
    if (plane.result !== null) return CD.t("Signed: you gain {x} basis points over no agreement. What {name} gains is its own secret.", { x: CD.number(plane.result - plane.d, 2), name: other });
    return t[6] === "failed" ? CD.t("It failed: {why}.", { why: CD.word("reason", film.words.reason[t[7]]).toLowerCase() }) : CD.t("These talks go on.");
  }
})();

/* Where one begins: the gallery of scenarios, the guided tour, the glossary, and what stands behind a part. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a), s = (...a) => CD.s(...a);

  CD.dialog = function (title, body, wide) {
    const close = h("button", { type: "button", class: "quiet close", "aria-label": CD.t("Close"), onclick: () => box.close() }, "×");
    const box = h("dialog", { class: wide ? "wide" : "", "aria-label": title }, h("header", {}, h("h2", {}, title), close), body);
    box.addEventListener("close", () => box.remove());
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    document.body.append(box);
    box.showModal();
    return box;
  };

  CD.gallery = function () {
    const box = CD.dialog(CD.t("Choose a world"), h("div", {},
      h("p", {}, CD.t("Cloud diplomacy is how states bargain over data and clouds: who may keep whose data, who builds data centres for whom, and what each gives in return. Pick a world, press play, and ask why of anything that moves.")),
      h("div", { class: "gallery" }, CD.shelves.scenarios.map((one) => h("button", { type: "button", class: "card", onclick: () => { box.close(); CD.wish({ scenarios: one.name }); } }, picture(one), h("strong", {}, CD.own(one, "title")), h("em", {}, CD.own(one, "question")), h("span", {}, CD.own(one, "story")))))), true);
  };
  /* A small picture of what a scenario is: the world's outline, with its shocks named on it. */
  function picture(one) {
    const g = CD.geometry, fine = { transform: "scale(0.1)" };
    return s("svg", { viewBox: g.frame.join(" "), class: "thumb", "aria-hidden": "true" }, s("defs", {}, s("pattern", { id: "thumb-" + one.name, width: 120, height: 120, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("line", { x1: 0, y1: 0, x2: 0, y2: 120, class: "hatch" }))),
      s("path", { ...fine, d: g.edge, class: "sea" }), s("path", { ...fine, d: Object.values(g.states).join(""), class: "ground" }),
      one.shocks.length ? s("path", { ...fine, d: Object.values(g.states).join(""), fill: "url(#thumb-" + one.name + ")" }) : null,
      one.shocks.length ? s("text", { x: g.frame[0] + 8, y: g.frame[1] + g.frame[3] - 34 }, one.shocks.map((k) => CD.titleOf("shock", k)).join(", ")) : null,
      s("text", { x: g.frame[0] + 8, y: g.frame[1] + g.frame[3] - 10 }, one.start.slice(0, 4) + "–" + one.end.slice(0, 4)));
  }

  CD.openTerm = function (name) {
    const found = CD.glossary.terms.find((one) => one.name === name);
    if (!found) return CD.openGlossary();
    return CD.dialog(CD.t(found.title), h("div", {}, h("p", {}, CD.t(found.text)), found.mechanism ? [h("h3", {}, CD.t("The rule behind it"), ": ", CD.titleOf("mechanism", found.mechanism)), behind("mechanism", found.mechanism)] : null, h("p", {}, h("button", { type: "button", class: "link", onclick: (e) => { e.target.closest("dialog").close(); CD.openGlossary(); } }, CD.t("All terms")))));
  };
  /* What colours the map: a metric of the shelf, or one of the world's own arrays with the mechanism that keeps it. */
  CD.openObservable = function (name) {
    if (name.startsWith("trust:")) return CD.openTerm("trust");
    const field = CD.film.fields[name];
    const said = CD.columnWords(name);
    if (said) return CD.dialog(CD.observableTitle(name), h("div", {}, h("p", {}, CD.sentence(said)), h("h3", {}, CD.titleOf("metric", field.metric)), behind("metric", field.metric)));
    if (field.metric) return CD.openPart("metric", field.metric);
    const told = CD.t(field.meaning), keeper = CD.shelves.keepers[name];
    return CD.dialog(CD.observableTitle(name), h("div", {}, h("p", {}, told.charAt(0).toUpperCase() + told.slice(1) + "."), h("p", { class: "small" }, CD.t("Unit: {unit}", { unit: CD.t(field.unit) })), keeper ? [h("h3", {}, CD.t("The rule behind it")), behind("mechanism", keeper)] : null));
  };
  const KIND = { event: CD.N("event"), reason: CD.N("reason"), occasion: CD.N("occasion"), channel: CD.N("channel"), issue: CD.N("issue") };
  /* An array, table or axis that a part declares: what it means, its unit and axes, its columns, and the part. */
  const STATE = { array: CD.N("array"), table: CD.N("table"), axis: CD.N("axis") };
  const sentence = (text) => CD.t(text).charAt(0).toUpperCase() + CD.t(text).slice(1) + ".";
  CD.stateTitle = (one) => (CD.shelves.names[one.name] ? CD.t(CD.shelves.names[one.name]) : CD.plain(one.name));
  CD.openState = (one) => CD.dialog(CD.stateTitle(one), h("div", {}, h("p", { class: "small" }, CD.t(STATE[one.what])),
    h("p", {}, sentence(one.meaning)), one.unit ? h("p", { class: "small" }, CD.t("Unit: {unit}", { unit: CD.t(one.unit) })) : null,
    one.axes ? h("p", { class: "small" }, CD.t("A value for each: {axes}", { axes: one.axes.map((name) => CD.axisTitle(String(name))).join(", ") })) : null,
    one.columns ? CD.factList(one.columns.map((c) => [CD.plain(c.name), CD.t(c.meaning) + ", " + CD.t(c.unit)])) : null,
    CD.shelves.parts[one.by[0]] ? [h("h3", {}, CD.t("The rule behind it"), ": ", CD.titleOf(...one.by)), behind(...one.by)] : null));
  CD.openWord = (kind, name) => CD.dialog(CD.word(kind, name), h("div", {}, h("p", { class: "small" }, CD.t(KIND[kind])), h("p", {}, CD.sentence(CD.wordOf(kind, name)))));
  CD.openPart = (kind, name) => CD.dialog(CD.titleOf(kind, name), behind(kind, name));
  function behind(kind, name) {
    const part = CD.partOf(kind, name);
    return h("div", {}, h("p", {}, CD.sentence(part)), doing(part), part.unit ? h("p", { class: "small" }, CD.t("Unit: {unit}", { unit: CD.t(part.unit) })) : null,
      kind === "metric" ? holding(name) : null,
      part.axis && !["world", "party"].includes(part.axis) ? h("p", { class: "small" }, CD.t("A value for each: {axes}", { axes: CD.axisTitle(part.axis) })) : null,
      h("details", {}, h("summary", {}, CD.t("Equation and source")), h("div", { class: "why", lang: "en" }, paragraphs(part.why || "")), h("p", { class: "small" }, h("code", {}, part.where || ""))));
  }
  /* What the columns of a metric hold, each in its colour on the axis of time. */
  function holding(metric) {
    const columns = CD.film ? Object.keys(CD.film.series).filter((name) => CD.film.series[name].metric === metric && CD.columnWords(name)) : [];
    return columns.length ? [h("h3", {}, CD.t("What it holds")), h("ul", { class: "does" }, columns.map((name) => h("li", {}, h("i", { class: "swatch", style: "background:" + CD.columnColour(metric, name) }), " ", h("b", {}, CD.title(CD.columnWords(name))), ": ", CD.sentence(CD.columnWords(name)))))] : null;
  }
  /* What an agreement does: each consequence with its sentence, and the issues by which it does it. */
  function doing(part) {
    if (!part.does || !part.does.length) return null;
    const by = (one) => (one.issues.length ? " (" + one.issues.map((issue) => CD.word("issue", issue).toLowerCase()).join(", ") + ")" : "");
    return [h("h3", {}, CD.t("What it does")), h("ul", { class: "does" }, part.does.map((one) => h("li", {}, h("b", {}, CD.title(one) + by(one)), ": ", CD.sentence(one))))];
  }
  /* A part's own words: paragraphs as paragraphs, equations and tables as they stand. */
  function paragraphs(text) {
    return text.split(/\n\s*\n/).map((one) => (/^\s|^\.\. |\n\s{2,}/.test(one) ? h("pre", { tabindex: 0 }, one.replace(/^\.\. math::\s*/, "")) : h("p", {}, one.replace(/\s*\n\s*/g, " ").replace(/``|:\w+:(?=`)|`/g, ""))));
  }
  CD.openGlossary = function () {
    const entries = [...CD.glossary.terms.map((one) => [CD.t(one.title), CD.t(one.text), () => CD.openTerm(one.name)]), ...CD.glossary.parts.map(([kind, name]) => [CD.titleOf(kind, name), CD.sentence(CD.partOf(kind, name)), () => CD.openPart(kind, name)]),
      ...CD.glossary.words.map(([kind, name]) => [CD.word(kind, name) + " (" + CD.t(KIND[kind]) + ")", CD.sentence(CD.wordOf(kind, name)), () => CD.openWord(kind, name)]),
      ...CD.glossary.state.map((one) => [CD.stateTitle(one) + " (" + CD.t(STATE[one.what]) + ")", sentence(one.meaning), () => CD.openState(one)]),
      ...CD.glossary.consequences.map((one) => [CD.title(one), CD.sentence(one), () => CD.dialog(CD.title(one), h("p", {}, CD.sentence(one)))])]
      .sort((a, b) => a[0].localeCompare(b[0], CD.lang));
    const list = h("dl", { class: "glossary" });
    const show = (text) => CD.fill(list, entries.filter((e) => (e[0] + " " + e[1]).toLowerCase().includes(text)).map(([title, text_, open]) => [h("dt", {}, h("button", { type: "button", class: "link", onclick: open }, title)), h("dd", {}, text_)]));
    show("");
    return CD.dialog(CD.t("Glossary"), h("div", {}, h("input", { type: "search", "aria-label": CD.t("Find a term"), placeholder: CD.t("Find a term"), oninput: (e) => show(e.target.value.trim().toLowerCase()) }), list), true);
  };

  /* The tour: a few sentences, each beside what it speaks of. */
  CD.tour = function () {
    const steps = [
      [".stage", CD.t("This is the world. Each state has a colour for what you choose above the map, here how strongly its law protects data against firms. Arcs are agreements: solid ones bind, dashed ones are only signed."), () => CD.set({ colour: "protection_firms", view: "map", pick: "" })],
      [".clock", CD.t("This is the clock. Press play, or drag the handle to any month; the world goes back as easily as it goes on. Marks are events: o signed, + ratified, | in force, x fell."), () => CD.go(12)],
      [".inspect", CD.t("Select a state and this side tells what is known of it: its regime, its agreements, its talks, whom it meets."), () => CD.pick("state:" + CD.film.parties[CD.film.index.has("IDN") ? CD.film.index.get("IDN") : 0].code)],
      [".inspect", CD.t("Select an agreement and see the table where it was made: what each side could gain, the walls below which it would not sign, and where the text came to lie."), () => { const one = CD.film.instruments.find((i) => i.talk >= 0); if (one) { CD.go(one.signed + 2); CD.pick("treaty:" + one.id); } }],
      [".top", CD.t("Change one thing with the levers and run the world again on the same luck; set both side by side; share the address, which carries the whole run."), () => {}],
    ];
    let at = 0;
    const box = h("div", { class: "tour", role: "dialog", "aria-label": CD.t("Guided tour") });
    const show = () => {
      document.querySelectorAll(".toured").forEach((e) => e.classList.remove("toured"));
      if (at >= steps.length) return box.remove();
      steps[at][2]();
      const target = document.querySelector(steps[at][0]);
      if (target) target.classList.add("toured");
      CD.fill(box, h("p", {}, steps[at][1]), h("div", {}, h("button", { type: "button", class: "primary", onclick: () => { at += 1; show(); } }, at === steps.length - 1 ? CD.t("Done") : CD.t("Next")), h("button", { type: "button", class: "quiet", onclick: () => { at = steps.length; show(); } }, CD.t("End the tour")), h("span", { class: "small" }, at + 1 + " / " + steps.length)));
      box.querySelector("button").focus();
    };
    box.addEventListener("keydown", (e) => { if (e.key === "Escape") { at = steps.length; show(); } });
    document.body.append(box);
    show();
  };
})();

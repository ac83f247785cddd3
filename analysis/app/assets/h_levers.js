/* Levers: every declared parameter with its unit, meaning, bounds and default; what is changed is in the address. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);

  CD.parameters = function () {
    const out = [];
    const scenario = CD.scenario();
    const protocol = CD.state.words.protocol || scenario.protocol.name;
    for (const name of CD.shelves.month) push("mechanism", name);
    for (const name of Object.keys(CD.shelves.parts.agreement)) push("agreement", name);
    push("protocol", protocol);
    for (const name of new Set([...scenario.shocks, ...scenario.background])) push("shock", name);
    return out;
    function push(kind, name) {
      for (const one of CD.partOf(kind, name).parameters) {
        const tree = kind === "protocol" ? (protocol === scenario.protocol.name ? scenario.protocol : {})
          : (kind === "shock" ? scenario.shock_values : scenario[kind + "s"])[name] || {};
        out.push({ ...one, kind, part: name, standard: one.name in tree ? tree[one.name] : one.default });
      }
    }
  };
  CD.scenario = () => CD.shelves.scenarios.find((one) => one.name === (CD.state.words.scenarios || "baseline")) || CD.shelves.scenarios[0];

  CD.leversPanel = function () {
    const pending = { ...CD.state.words };
    const all = CD.parameters(), first = CD.shelves.first.map((path) => all.find((one) => one.path === path)).filter(Boolean);
    const set = (path, value, standard) => { if (value === null || String(value) === String(standard)) delete pending[path]; else pending[path] = String(value); mark(); };
    const run = h("button", { type: "button", class: "primary", onclick: () => CD.wish(pending) }, CD.t("Run this world"));
    const count = h("span", { class: "small" });
    const mark = () => { const n = Object.keys(pending).filter((k) => k.includes(".") || k === "protocol" || k === "negotiated").length; count.textContent = n ? CD.tn("{n} lever moved", "{n} levers moved", n) : CD.t("as the scenario stands"); };
    const scenario = CD.scenario();
    const select = (key, value, options, title) => h("label", { class: "field" }, h("span", {}, title), h("select", { onchange: (e) => { set(key, e.target.value, key === "protocol" ? scenario.protocol.name : null); if (key === "protocol") { for (const k of Object.keys(pending)) if (k.startsWith("protocol.")) delete pending[k]; } } }, options.map(([v, text]) => h("option", { value: v, selected: v === value }, text))));
    const seed = h("label", { class: "field" }, h("span", {}, CD.term("seed")), h("input", { type: "number", min: 0, step: 1, value: pending.seed || "0", onchange: (e) => set("seed", e.target.value, "0") }));
    const protocols = Object.keys(CD.shelves.parts.protocol).map((name) => [name, CD.titleOf("protocol", name)]);
    const found = h("div", { class: "levers" });
    const search = h("input", { type: "search", placeholder: CD.t("Find a lever"), "aria-label": CD.t("Find a lever"), oninput: (e) => more(e.target.value.trim().toLowerCase()) });
    const more = (text) => {
      if (!text) return CD.fill(found, groups(all, pending, set));
      const hits = all.filter((one) => (one.path + " " + one.meaning + " " + CD.t(one.meaning) + " " + CD.titleOf(one.kind, one.part)).toLowerCase().includes(text));
      CD.fill(found, hits.slice(0, 40).map((one) => lever(one, pending, set)), hits.length ? null : h("p", {}, CD.t("Nothing by that name.")));
    };
    more("");
    mark();
    return h("div", { class: "drawer-body" },
      h("div", { class: "row-of-fields" }, seed, select("protocol", pending.protocol || scenario.protocol.name, protocols, CD.term("protocol")), negotiated(pending, scenario, mark)),
      h("h3", {}, CD.t("The levers asked for most")), h("div", { class: "levers" }, first.map((one) => lever(one, pending, set))),
      h("h3", {}, CD.t("All levers"), " ", search), found,
      h("div", { class: "drawer-foot" }, run, h("button", { type: "button", onclick: () => CD.wish(kept(pending)) }, CD.t("Reset")), count, h("span", { class: "small" }, CD.t("Changes apply from the first month, on the same luck."))));
  };
  function kept(words) {
    const out = {};
    for (const key of ["scenarios", "seed"]) if (words[key]) out[key] = words[key];
    return out;
  }
  function negotiated(pending, scenario, mark) {
    const on = new Set(pending.negotiated ? pending.negotiated.replace(/[[\]]/g, "").split(",").filter(Boolean) : scenario.negotiated);
    const types = Object.entries(CD.shelves.parts.agreement).filter(([, part]) => part.negotiable);
    return h("fieldset", { class: "field" }, h("legend", {}, CD.t("What may be negotiated")), types.map(([name, part]) => h("label", {}, h("input", { type: "checkbox", checked: on.has(name), onchange: (e) => {
      e.target.checked ? on.add(name) : on.delete(name);
      const same = on.size === scenario.negotiated.length && scenario.negotiated.every((k) => on.has(k));
      if (same) delete pending.negotiated; else pending.negotiated = "[" + [...on].sort().join(",") + "]";
      mark();
    } }), CD.title(part))));
  }
  function groups(all, pending, set) {
    const parts = [...new Set(all.map((one) => one.kind + " " + one.part))];
    return parts.map((key) => {
      const [kind, name] = key.split(" "), mine = all.filter((one) => one.kind === kind && one.part === name);
      const moved = mine.filter((one) => one.path in pending).length;
      const details = h("details", {}, h("summary", {}, CD.titleOf(kind, name), h("span", { class: "small" }, " " + CD.sentence(CD.partOf(kind, name)) + (moved ? " · " + CD.t("{n} moved", { n: moved }) : ""))));
      details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(h("div", { class: "levers" }, mine.map((one) => lever(one, pending, set)))); });
      return details;
    });
  }
  function lever(one, pending, set) {
    const now = one.path in pending ? pending[one.path] : String(one.standard), id = "lever-" + one.path.replace(/\./g, "-");
    const change = (value) => set(one.path, value, one.standard);
    let input;
    if (one.unit === "switch") input = h("input", { id, type: "checkbox", checked: now === "true", onchange: (e) => change(e.target.checked) });
    else if (one.options) input = h("select", { id, onchange: (e) => change(e.target.value) }, one.options.map((v) => h("option", { value: v, selected: v === now }, CD.plain(v))));
    else {
      const number = h("input", { id, type: "number", min: one.low, max: one.high, step: one.whole ? 1 : "any", value: now, onchange: (e) => { change(e.target.value); slide.value = share(Number(e.target.value)); } });
      /* Where bounds span magnitudes the slide is by ratio, so that each step feels alike. */
      const ratio = one.low > 0 && one.high / one.low >= 100;
      const share = (v) => (ratio ? Math.log(v / one.low) / Math.log(one.high / one.low) : (v - one.low) / (one.high - one.low));
      const value = (p) => { const v = ratio ? one.low * Math.pow(one.high / one.low, p) : one.low + p * (one.high - one.low); return one.whole ? Math.round(v) : Number(v.toPrecision(3)); };
      const slide = h("input", { type: "range", min: 0, max: 1, step: 0.001, "aria-label": CD.t(one.meaning), value: 0, oninput: (e) => { number.value = value(Number(e.target.value)); }, onchange: (e) => { number.value = value(Number(e.target.value)); change(number.value); } });
      slide.value = share(Number(now));
      input = h("span", { class: "pair" }, h("span", { class: "slide", style: "--default:" + share(one.standard) }, slide), number);
    }
    return h("div", { class: "lever" }, h("label", { for: id }, CD.t(one.meaning)), input,
      h("span", { class: "small" }, one.unit === "switch" || one.unit === "choice" ? "" : CD.t("{unit}, {low} to {high}, stands at {default}", { unit: CD.t(one.unit), low: CD.number(one.low), high: CD.number(one.high), default: CD.number(Number(one.standard)) }), " ",
        h("span", { title: one.source }, one.source.startsWith("assumed") ? CD.term("assumed") : CD.t("source: {text}", { text: one.source })), " ", h("code", {}, one.path)));
  }
})();

/* Words, numbers and elements: everything the page writes passes through here as text, never as markup. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  CD.lang = "en";
  CD.words = { en: {}, id: {} };

  CD.t = function (text, values) {
    const said = CD.words[CD.lang] && CD.words[CD.lang][text];
    return fill(said || text, values);
  };
  /* Marks a text for the catalogue where it stands, to be translated where it is shown. */
  CD.N = (text) => text;
  CD.tn = function (one, many, n, values) {
    const table = CD.words[CD.lang] || {};
    return fill(table[one] || (n === 1 ? one : many), Object.assign({ n: CD.number(n) }, values));
  };
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, key) => (values && key in values ? values[key] : whole));
  }

  /* What a part says of itself, in the language of the page. */
  CD.partOf = (kind, name) => ((CD.shelves.parts[kind] || {})[name]) || { title: plain(name), sentence: "", parameters: [] };
  CD.title = (thing) => (CD.lang === "id" && thing.title_id) || thing.title;
  CD.sentence = (thing) => (CD.lang === "id" && thing.sentence_id) || thing.sentence;
  CD.titleOf = (kind, name) => CD.title(CD.partOf(kind, name));
  /* What a run's event, reason, occasion, channel or issue is called: each is declared in both languages by what raises it. */
  CD.wordOf = (kind, name) => ((CD.shelves.words || {})[kind] || {})[name];
  CD.word = (kind, name) => (CD.wordOf(kind, name) ? CD.title(CD.wordOf(kind, name)) : plain(name));
  /* What a metric says of one of its columns; most have one column and say nothing more. */
  CD.columnWords = (column) => ((CD.film && CD.film.columns) || {})[column];
  CD.own = (thing, key) => (CD.lang === "id" && thing[key + "_id"]) || thing[key];
  function plain(name) {
    const words = String(name).replace(/_/g, " ");
    return CD.t(words.charAt(0).toUpperCase() + words.slice(1));
  }
  CD.plain = plain;

  const locale = () => (CD.lang === "id" ? "id-ID" : "en-GB");
  CD.number = function (value, digits) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    const size = Math.abs(value);
    if (size >= 1e6) {
      const steps = [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"]];
      const [unit, name] = steps.find(([u]) => size >= u);
      return plainNumber(value / unit, 3) + " " + CD.t(name);
    }
    return plainNumber(value, digits || (size >= 100 ? Math.max(3, Math.ceil(Math.log10(size + 1))) : 3));
  };
  function plainNumber(value, digits) {
    return new Intl.NumberFormat(locale(), { maximumSignificantDigits: digits }).format(value).replace("-", "−");
  }
  /* Shares are told in per cent, indices bare, all else with its unit. */
  CD.withUnit = function (value, unit) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (/^share of /.test(unit)) return CD.number(100 * value, 3) + " " + CD.t(unit.replace("share of", "% of"));
    return CD.number(value) + (unit && unit !== "index 0-1" ? " " + CD.t(unit) : "");
  };
  CD.monthName = function (film, month, short) {
    const [year, first] = film.start.split("-").map(Number);
    const at = new Date(Date.UTC(year, first - 1 + month, 1));
    return new Intl.DateTimeFormat(locale(), { month: short ? "short" : "long", year: "numeric", timeZone: "UTC" }).format(at);
  };
  CD.monthLabel = function (film, month) {
    const [year, first] = film.start.split("-").map(Number);
    const m = 12 * year + first - 1 + month;
    return String(Math.floor(m / 12)).padStart(4, "0") + "-" + String((m % 12) + 1).padStart(2, "0");
  };
  CD.monthIndex = function (film, label) {
    const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(label || "");
    if (!match) return null;
    const [year, first] = film.start.split("-").map(Number);
    const at = 12 * Number(match[1]) + Number(match[2]) - (12 * year + first);
    return at >= 0 && at < film.months ? at : null;
  };

  /* Elements: attributes by name, on... as listeners, children as text or elements. */
  function make(space, tag, attributes, children) {
    const element = space ? document.createElementNS(space, tag) : document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (key === "value" || key === "checked" || key === "selected") element[key] = value;
      else element.setAttribute(key, value === true ? "" : value);
    }
    add(element, children);
    return element;
  }
  function add(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      element.append(child instanceof Node ? child : String(child));
    }
  }
  CD.h = (tag, attributes, ...children) => make(null, tag, attributes, children);
  CD.s = (tag, attributes, ...children) => make("http://www.w3.org/2000/svg", tag, attributes, children);
  CD.fill = function (element, ...children) {
    element.replaceChildren();
    add(element, children);
    return element;
  };
  /* Many things, one Tab stop: arrow keys, Home and End walk through what `items` gives, in its order. */
  CD.rovingList = function (box, items, pick) {
    CD.rovingStop(items());
    box.addEventListener("keydown", (event) => {
      const all = items(), at = all.indexOf(event.target.closest("[tabindex]"));
      if (at < 0) return;
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const ends = { Home: 0, End: all.length - 1 }[event.key] ?? -1;
      const to = step ? (at + step + all.length) % all.length : ends;
      if (pick && (event.key === "Enter" || event.key === " ")) pick(all[at]);
      else if (to < 0) return;
      event.preventDefault();
      event.stopPropagation();
      if (to < 0) return;
      CD.rovingStop(all, all[to]);
      all[to].focus();
    });
  };
  /* The one that Tab stops at: the one named, else the one it was, else the first. */
  CD.rovingStop = function (all, one) {
    const stop = one || all.find((item) => item.getAttribute("tabindex") === "0") || all[0];
    for (const item of all) {
      const said = item === stop ? "0" : "-1";
      if (item.getAttribute("tabindex") !== said) item.setAttribute("tabindex", said);
    }
  };
  /* A term that can be asked: a button that opens its definition. */
  CD.term = (name, text) => CD.h("button", { class: "term", type: "button", "data-term": name, onclick: () => CD.openTerm(name) }, text || CD.termTitle(name));
  CD.termTitle = function (name) {
    const found = CD.glossary.terms.find((one) => one.name === name);
    return found ? CD.t(found.title) : plain(name);
  };
})();

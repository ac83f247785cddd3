/* The door: asks the server for films through Dash, shows what is being waited for, and starts the page (or a replay). */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);
  const waiting = new Map();
  let number = 0;

  /* A request that is made again when a server that was gone is there again. */
  async function reach(path, options) {
    for (;;) {
      const answer = await fetch(path, options).catch(() => null);
      if (answer && ![502, 503, 504].includes(answer.status)) return answer;
      await gone();
    }
  }
  /* The server does not answer: say so and what to do, look again every two seconds, and then ask anew for what was asked for. */
  let back = null;
  function gone() {
    if (back) return back;
    const again = h("button", { type: "button", onclick: () => look() }, CD.t("Try now"));
    const box = document.body.appendChild(h("div", { class: "gone", role: "alert" }, h("strong", {}, CD.t("The server does not answer.")), " ",
      h("span", {}, CD.t("Is it still running, and is this machine still on its network? Whoever started it starts it again with the same command. This page tries again by itself, and nothing is lost.")), " ", again));
    let look;
    back = new Promise((resolve) => {
      let timer = 0;
      look = async () => {
        clearTimeout(timer);
        const answer = await fetch("data/alive", { cache: "no-store" }).catch(() => null);
        if (!back) return;
        if (!answer || !answer.ok) { timer = setTimeout(look, 2000); return; }
        back = null;
        box.remove();
        for (const [mine, one] of waiting) window.dash_clientside.set_props(one.store, { data: { number: mine, again: Date.now(), ...one.wish } });
        resolve();
      };
      timer = setTimeout(look, 2000);
    });
    return back;
  }
  CD.fetchJson = async function (path) {
    const answer = await reach(path);
    if (!answer.ok) {
      const told = await answer.json().catch(() => ({}));
      throw new Error(told.error || CD.t("The server does not answer; is it still running?"));
    }
    return answer.json();
  };

  /* Ask something of the server that takes more than an address; what is wrong with it is thrown as its own sentence. */
  CD.postJson = async function (path, body) {
    const answer = await reach(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.error || CD.t("The server does not answer; is it still running?"));
    return told;
  };

  /* What a text in open talks of a game is worth to its player; the newest answers are kept, because a page is drawn more than once. */
  const valued = new Map();
  CD.valueOf = async function (key, talk, text) {
    const body = JSON.stringify({ talk, text }), name = key + body;
    if (!valued.has(name)) {
      const options = { method: "POST", headers: { "Content-Type": "application/json" }, body };
      const answer = await reach("data/game/" + key + "/value", options);
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error || "");
      valued.set(name, await answer.json());
      if (valued.size > 200) valued.delete(valued.keys().next().value);
    }
    return valued.get(name);
  };

  /* Where something lies that belongs to a film: beside the films of runs, or with its game. */
  CD.beside = (film, part, end) => "data/" + (film.game ? "game/" + film.game + "/" + part : part + "/" + film.key) + end;
  /* Ask for something that lies beside a film; a film that the server no longer keeps is made again, once. */
  CD.ofFilm = async function (film, ask) {
    try {
      return await ask();
    } catch (fault) {
      if (film !== CD.film || film.game) throw fault;
      await CD.askFilm(CD.state.words);
      return ask();
    }
  };
  CD.fetchText = async function (path) {
    const answer = await reach(path);
    if (!answer.ok) throw new Error(CD.t("The server does not answer; is it still running?"));
    return answer.text();
  };

  /* Ask for a run by its words; resolves to its film. */
  function askServer(store, wish) {
    const mine = ++number;
    return new Promise((resolve, reject) => {
      waiting.set(mine, { resolve, reject, store, wish });
      window.dash_clientside.set_props(store, { data: { number: mine, ...wish } });
    });
  }
  CD.askTurn = (wish) => askServer("turn", wish);
  CD.askFilm = (words) => askServer("wish", { words }).then(async (key) => new CD.Film(await CD.fetchJson("data/film/" + key + ".json")));
  CD.gameFilm = async (key) => Object.assign(new CD.Film(await CD.fetchJson("data/game/" + key + "/film.json")), { game: key });
  CD.arrived = function (answer) {
    const one = waiting.get(answer.number);
    if (!one) return;
    waiting.delete(answer.number);
    if (answer.key || answer.game) one.resolve(answer.key || answer.game);
    else one.reject(new Error(answer.cancelled ? "" : answer.error || CD.t("The run failed.")));
  };

  /* While something is waited for: after 150 ms a note; of a run by its words, months done and a way to stop. */
  async function busyWhile(work, words) {
    let done = false;
    const box = document.body.appendChild(h("div", { class: "busy", role: "status", hidden: true }));
    const ask = (stop) => reach("data/progress", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ words: words || {}, stop }) }).then((a) => a.json());
    const bar = h("progress", { max: 1 }), text = h("span", {}, CD.t("The world is being lived…")), stands = { month: null };
    const look = async () => {
      if (done) return;
      box.hidden = false;
      if (!box.childNodes.length) CD.fill(box, text, bar, words ? h("button", { type: "button", onclick: () => ask(true) }, CD.t("Stop")) : null);
      const far = await ask(false).catch(() => null);
      if (far && !done && (words || far.compiling)) CD.tellProgress(far, text, bar, stands);
      setTimeout(look, 250);
    };
    setTimeout(look, 150);
    try { return await work; } finally { done = true; box.remove(); }
  }

  CD.busyWhile = busyWhile;
  /* How far a run is; while rules are being compiled, and until the next month is through, that is what is waited for. */
  CD.tellProgress = function (far, text, bar, stands) {
    const month = far.done ? far.done[0] : 0;
    if (far.compiling) {
      stands.month = month;
      bar.removeAttribute("value");
      text.textContent = CD.t("This machine is preparing the rules for the first time; it takes a minute or two, and only once.");
    } else if (far.done && month !== stands.month) {
      bar.value = month / far.done[1];
      text.textContent = CD.t("Month {n} of {all}", { n: month, all: far.done[1] });
    }
  };
  /* The film of a game takes the place of what was shown; it has no twin. */
  CD.showGame = function (film) {
    CD.film = film;
    CD.twin = CD.tables = null;
    CD.state.twin = "";
    tablesOf(film);
  };
  function tablesOf(film) {
    CD.ofFilm(film, () => CD.fetchJson(CD.beside(film, "tables", ".json"))).then((tables) => { if (CD.film === film) { CD.tables = tables; CD.paint(); } }).catch(say);
  }

  /* Go to another world; what one looks at stays where it can. */
  CD.wish = async function (words, first) {
    document.querySelectorAll("dialog").forEach((box) => box.close());
    const mine = (CD.wishes = (CD.wishes || 0) + 1);
    try {
      const film = await busyWhile(CD.askFilm(words), words);
      // Somebody who has asked for another world meanwhile does not want this one any more.
      if (mine !== CD.wishes) return;
      const at = CD.film && !first ? CD.monthLabel(CD.film, CD.state.month) : CD.state.at;
      CD.film = film;
      CD.state.words = words;
      CD.shown = JSON.stringify(words);
      CD.seat = null;
      const month = CD.monthIndex(film, at);
      CD.state.month = month === null ? 0 : month;
      CD.twin = null;
      CD.tables = null;
      if (CD.state.twin) await loadTwin();
      await CD.needTrust(CD.state.colour);
      CD.render();
      CD.keepAddress(!first);
      tablesOf(film);
      CD.ready = true;
    } catch (fault) {
      if (!fault.message) return;
      // An address that cannot be shown gives way to the world as it stands; what was wrong with it is said on top.
      if (first && Object.keys(words).length) await CD.wish({}, true);
      say(fault);
    }
  };
  /* Back and forward: the page becomes what the address says, and asks the server only where that is another world or game. */
  CD.comeBack = async function (query) {
    // What was still to be written down belongs to the address that has been left.
    clearTimeout(CD.keeping);
    const st = CD.readAddress(query), before = CD.state;
    const same = CD.film && (CD.seat ? st.game === CD.seat.key : !st.game && !st.seat && JSON.stringify(st.words) === CD.shown);
    const twinned = before.twin && st.twin;
    CD.state = { ...before, ...st, words: CD.seat && same ? before.words : st.words };
    CD.lang = CD.state.lang;
    CD.returning = (CD.returning || 0) + 1;
    document.querySelectorAll("dialog").forEach((box) => box.close());
    try {
      if (!same && (st.game || st.seat)) {
        const fault = await CD.resumeSeat();
        if (fault) await CD.wish(st.words, true);
        if (fault) say(fault);
      } else if (!same) await CD.wish(st.words, true);
      else {
        if (st.twin && !twinned && !CD.twin) await loadTwin();
        await CD.needTrust(st.colour);
        const month = CD.monthIndex(CD.film, st.at);
        CD.state.month = month === null ? 0 : Math.min(month, CD.limit());
        CD.render();
      }
    } catch (fault) {
      say(fault);
    } finally {
      CD.returning -= 1;
    }
  };
  function say(fault) {
    CD.dialog(CD.t("That did not work"), h("div", { class: "fault" }, h("p", {}, fault.message), h("p", { class: "small" }, CD.t("Nothing was changed. Mend it, or choose a world from the gallery."))));
  }
  CD.say = say;

  /* The twin: the scenario as it stands where levers were moved, else the same world without its shocks. */
  async function loadTwin() {
    const st = CD.state, moved = Object.keys(st.words).some((key) => key.includes(".") || ["protocol", "negotiated"].includes(key));
    const words = { ...(st.words.scenarios ? { scenarios: st.words.scenarios } : {}), ...(st.words.seed ? { seed: st.words.seed } : {}), ...(st.words.start ? { start: st.words.start } : {}), ...(st.words.end ? { end: st.words.end } : {}) };
    if (!moved && CD.scenario().shocks.length) words.counterfactual = "true";
    CD.twinKind = moved ? "plain" : "calm";
    if (!moved && !CD.scenario().shocks.length) {
      st.twin = "";
      throw new Error(CD.t("This world has no shocks and no lever is moved, so its twin is itself. Move a lever first, or choose a scenario with a shock."));
    }
    CD.twin = await busyWhile(CD.askFilm(words), words);
    await CD.needTrust(st.colour);
  }
  CD.toggleTwin = async function () {
    try {
      CD.state.twin = CD.state.twin ? "" : "both";
      if (CD.state.twin && !CD.twin) await loadTwin();
    } catch (fault) {
      say(fault);
    }
    CD.render();
    CD.keepAddress(true);
  };

  /* Before the first film: the world's outline, what this world is about, and what is being waited for. */
  function foreword() {
    const g = CD.geometry, fine = { transform: "scale(0.1)" }, one = CD.scenario();
    document.documentElement.lang = CD.lang;
    CD.fill(document.getElementById("cd"), h("header", { class: "top" }, h("h1", {}, "Cloud Diplomacy"), h("strong", {}, CD.own(one, "title"))),
      h("main", { class: "page" }, h("section", { class: "world" }, h("div", { class: "stage" }, h("div", { class: "sight" }, h("div", { class: "sheets" }, CD.s("svg", { class: "world-map", viewBox: g.frame.join(" "), "aria-hidden": "true" }, CD.s("path", { ...fine, d: g.edge, class: "sea" }), CD.s("path", { ...fine, d: Object.values(g.states).join(""), class: "ground" })))))),
        h("aside", { class: "inspect" }, h("h2", {}, CD.own(one, "question")), h("p", {}, CD.own(one, "story")))));
  }
  function begin(common, query) {
    CD.geometry = common.geometry;
    CD.shelves = common.shelves;
    CD.glossary = common.glossary;
    CD.words = common.words;
    CD.names = common.names;
    Object.assign(CD.state, CD.readAddress(query));
    CD.lang = CD.state.lang;
  }
  async function start() {
    if (window.CD_REPLAY) {
      const { common, film, tables, trust, query } = window.CD_REPLAY;
      CD.replayed = true;
      CD.openSeat = null;
      begin(common, query);
      CD.film = new CD.Film(film);
      CD.tables = tables;
      for (const [code, told] of Object.entries(trust)) CD.film.setTrust(code, told);
      CD.state.twin = "";
      CD.state.words = { scenarios: film.scenario };
      CD.state.month = CD.monthIndex(CD.film, CD.state.at) || 0;
      CD.render();
      CD.ready = true;
      return;
    }
    const common = await CD.fetchJson("data/start.json");
    begin(common, location.search);
    const there = () => document.getElementById("cd") && window.dash_clientside && window.dash_clientside.set_props;
    while (!there()) await new Promise((resolve) => setTimeout(resolve, 20));
    foreword();
    window.addEventListener("popstate", () => CD.comeBack(location.search));
    // Who comes back to a game is not sent the world as it would have gone without them.
    const empty = CD.state.game || CD.state.seat ? await CD.resumeSeat() : new Error("");
    if (!empty) return;
    const world = CD.wish(CD.state.words, true);
    if (!location.search) CD.gallery();
    await world;
    if (empty.message) say(empty);
  }
  start();
})();

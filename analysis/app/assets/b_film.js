/* A film made ready: panels unpacked when first asked for, and what stands in force in any month. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});

  CD.Film = class {
    constructor(data) {
      Object.assign(this, data);
      this.data = data;
      this.panels = {};
      this.index = new Map(data.parties.map((party, k) => [party.code, k]));
      this.eventsAt = Array.from({ length: data.months }, () => []);
      data.events.forEach((event, k) => { if (event[0] >= 0) this.eventsAt[event[0]].push(k); });
      this.byParty = data.parties.map(() => []);
      data.instruments.forEach((one, k) => { for (const p of partiesOf(one)) this.byParty[p].push(k); });
      this.talksOf = data.parties.map(() => []);
      data.talks.forEach((talk, k) => { this.talksOf[talk[1]].push(k); this.talksOf[talk[2]].push(k); });
      this.treatyAt = new Map(data.instruments.map((one, k) => [one.id, k]));
    }
    /* Values of an observable: one number a month and party. */
    panel(name) {
      if (this.panels[name]) return this.panels[name];
      const field = this.fields[name];
      const n = this.parties.length;
      const out = new Float64Array(this.months * n);
      const row = field.first.map((v) => (v === null ? NaN : v));
      let next = 0;
      for (let m = 0; m < this.months; m++) {
        if (next < field.changes.length && field.changes[next][0] === m) {
          const told = field.changes[next++][1];
          for (let k = 0; k < told.length; k += 2) row[told[k]] = told[k + 1] === null ? NaN : told[k + 1];
        }
        out.set(row, m * n);
      }
      return (this.panels[name] = out);
    }
    setPanel(name, rows) {
      const n = this.parties.length;
      const out = new Float64Array(this.months * n);
      rows.forEach((row, m) => row.forEach((v, k) => { out[m * n + k] = v === null ? NaN : v; }));
      this.panels[name] = out;
    }
    /* Trust in a party colours the map; whom it trusts is told beside it. */
    setTrust(code, told) {
      this.setPanel("trust:" + code, told.in);
      this.setPanel("trusts:" + code, told.of);
    }
    value(name, month, party) {
      return this.panel(name)[month * this.parties.length + party];
    }
    /* Stage of an instrument in a month: null before signature and three months after its end. */
    stage(one, month) {
      if (one.signed !== null && month < one.signed) return null;
      if (one.ended !== null && month >= one.ended) return month < one.ended + 3 ? "ended" : null;
      if (one.force === null || month < one.force) return "signed";
      return this.suspendedSince(one, month) === null ? "force" : "suspended";
    }
    /* Since when an instrument has been suspended in a month: null where it is not. */
    suspendedSince(one, month) {
      if (!this.off || this.offAt !== this.events.length) {
        this.off = new Map();
        this.offAt = this.events.length;
        for (const [m, event, , , , , k] of this.events) {
          const name = this.words.event[event];
          if (k < 0 || (name !== "suspension" && name !== "resumption")) continue;
          if (!this.off.has(k)) this.off.set(k, []);
          this.off.get(k).push([m, name === "suspension"]);
        }
      }
      let since = null;
      for (const [m, on] of this.off.get(this.treatyAt.get(one.id)) || []) if (m <= month) since = on ? m : null;
      return since;
    }
    inForce(month) {
      return this.instruments.filter((one) => this.stage(one, month) === "force");
    }
    /* Blocs a state belongs to, or states of a bloc. */
    blocsOf(state, month) {
      return this.members.filter(([, s, from, until]) => s === state && from <= month && month < until).map(([b]) => b);
    }
    statesOf(bloc, month) {
      return this.members.filter(([b, , from, until]) => b === bloc && from <= month && month < until).map(([, s]) => s);
    }
    /* Smallest and largest value of an observable over the whole film, states only. */
    range(name) {
      this.ranges = this.ranges || {};
      if (this.ranges[name]) return this.ranges[name];
      const panel = this.panel(name), n = this.parties.length;
      let low = Infinity, high = -Infinity, least = Infinity;
      for (let m = 0; m < this.months; m++) {
        for (let k = 0; k < this.states; k++) {
          const v = panel[m * n + k];
          if (Number.isNaN(v)) continue;
          if (v < low) low = v;
          if (v > high) high = v;
          if (v > 0 && v < least) least = v;
        }
      }
      return (this.ranges[name] = [low, high, least]);
    }
    /* Sizes of an observable, whatever its sign, of states and months in which it is not 0, the least first. */
    sizes(name) {
      const panel = this.panel(name), n = this.parties.length, found = [];
      panel.forEach((v, at) => { if (at % n < this.states && v) found.push(Math.abs(v)); });
      return found.sort((a, b) => a - b);
    }
    /* Contacts of a party by calendar year and channel, up to a month and no further; `whole` where the year is over
       by then. */
    contactYears(party, month, channels) {
      const offset = Number(this.start.slice(5)) - 1, first = Number(this.start.slice(0, 4)), out = [];
      this.held = this.held || this.contacts.map(tallied);
      for (let m = 0; m <= Math.min(month, this.held.length - 1); m++) {
        const y = Math.floor((m + offset) / 12), row = this.held[m];
        if (!out[y]) out[y] = { year: first + y, counts: new Array(channels).fill(0), whole: false };
        for (let c = 0; c < channels; c++) out[y].counts[c] += row[party * channels + c];
        out[y].whole = (m + offset) % 12 === 11;
      }
      return out;
    }
    name(party) {
      const one = this.parties[party], known = CD.names[CD.lang];
      return (known && known[one.code]) || CD.t(one.name);
    }
  };

  /* Undo a tally: one letter a number, what is larger between ~ and a full stop. */
  function tallied(word) {
    const out = [];
    for (let k = 0; k < word.length; k++) {
      const end = word[k] === "~" ? word.indexOf(".", k) : k;
      out.push(end > k ? Number(word.slice(k + 1, end)) : parseInt(word[k], 36));
      k = end;
    }
    return Uint16Array.from(out);
  }
  CD.tallied = tallied;

  /* Fold a text for finding: small letters, no accents, no marks. */
  const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/[^a-z0-9 ]+/g, " ").replace(/\s+/g, " ").trim();
  /* Find a party by its code or its name in any language: the code first, then a whole name, a beginning, a word, a
     part. */
  CD.findParty = function (film, text) {
    const asked = folded(text);
    if (!asked) return -1;
    let best = -1, least = 9;
    film.parties.forEach((party, k) => {
      if (party.code.toLowerCase() === asked && least > 0) { least = 0; best = k; }
      for (const name of CD.namesOf(party).map(folded)) {
        const rank = name === asked ? 1 : name.startsWith(asked) ? 2 : (" " + name).includes(" " + asked) ? 3
          : asked.length > 2 && name.includes(asked) ? 4 : 9;
        if (rank < least) { least = rank; best = k; }
      }
    });
    return best;
  };
  CD.namesOf = (party) => [party.name, ...Object.keys(CD.words || {}).map((lang) => (CD.words[lang] || {})[party.name]),
    ...Object.values(CD.names || {}).map((known) => known[party.code])].filter(Boolean);

  /* What stands between whom in a month. Two worlds hold the same agreement where type and parties are the same, though
     its talks began in another month. */
  CD.bondOf = (film, one) => (one.conference >= 0 ? one.id
    : [film.types[one.type].name, film.parties[one.a].code, film.parties[one.b].code].join(" "));
  CD.liveBonds = (film, month) => new Set(month < film.months ? film.instruments
    .filter((one) => ["force", "suspended", "signed"].includes(film.stage(one, month))).map((one) => CD.bondOf(film, one)) : []);

  /* Which arcs are drawn: those of the selected party, and of the rest the strongest few, the newest first and then
     those whose smaller party has the larger economy; the selected agreement always. */
  CD.MOST_ARCS = 40;
  CD.chosenArcs = function (live, picked) {
    const shown = new Map(), rest = [];
    for (const one of live) (one.mine || one.key === picked ? shown.set(one.key, "own") : rest.push(one));
    rest.sort((a, b) => b.fresh - a.fresh || b.weight - a.weight);
    const own = live.some((one) => one.mine);
    for (const one of rest.slice(0, CD.MOST_ARCS)) shown.set(one.key, own ? "faint" : "");
    return shown;
  };

  function partiesOf(one) {
    return one.conference < 0 ? [one.a, one.b] : one.parties.map((p) => p[0]);
  }
  CD.partiesOf = partiesOf;

  /* Classes of an observable: seven colours from few to many, equal steps or, where values span magnitudes, equal ratios.
     What lies on both sides of 0 has those of a difference: less and more than 0, and as much again beyond the size that
     two in three stay within. */
  CD.scaleOf = function (films, name) {
    const spans = films.map((film) => film.range(name));
    const low = Math.min(...spans.map((s) => s[0])), high = Math.max(...spans.map((s) => s[1]));
    if (low < 0 && high > 0) {
      const sizes = films.flatMap((film) => film.sizes(name)).sort((a, b) => a - b), much = nice(sizes[Math.floor((2 * (sizes.length - 1)) / 3)]);
      return { cuts: [], low, high, much, of: (v) => (v ? (v > 0 ? "more" : "less") + (Math.abs(v) > much ? 2 : 1) : "land") };
    }
    const least = Math.min(...spans.map((s) => s[2]));
    let cuts = [];
    if (!(high > low)) return { cuts, low, high, colour: () => "o3", of: () => "o3" };
    const share = low >= 0 && high <= 1 && high > 0.25;
    if (share) {
      cuts = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9];
    } else if (low >= 0 && high > 40 * Math.max(least, high * 1e-4)) {
      const from = Math.max(least, high * 1e-4), ratio = Math.pow(high / from, 1 / 7);
      for (let k = 1; k < 7; k++) cuts.push(nice(from * Math.pow(ratio, k)));
    } else {
      const step = niceStep((high - low) / 7), from = Math.floor(low / step) * step;
      for (let k = 1; k < 7; k++) cuts.push(Number((from + k * step).toPrecision(10)));
    }
    cuts = cuts.filter((cut, k) => cut > low && cut < high && cuts.indexOf(cut) === k);
    const colour = (k) => "o" + Math.round((6 * k) / Math.max(cuts.length, 1));
    return { cuts, low, high, colour, of: (v) => { let k = 0; while (k < cuts.length && v >= cuts[k]) k++; return colour(k); } };
  };
  function nice(value) {
    const size = Math.pow(10, Math.floor(Math.log10(value)));
    return Number(((Math.round((value / size) * 2) / 2) * size).toPrecision(3));
  }
  function niceStep(step) {
    const size = Math.pow(10, Math.floor(Math.log10(step)));
    return ([1, 2, 2.5, 5, 10].find((k) => k * size >= step - 1e-12) || 10) * size;
  }
  CD.niceStep = niceStep;
})();

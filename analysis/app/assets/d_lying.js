/* Where data lie, read from a film: who keeps how much where and with whose providers, which ways are open, and in whose
   reach it all is. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  // Blue, orange and brown. Seen without red, green or blue cones, any two of them, grey and black lie 19 or more apart in
  // CIE Lab, in light and dark; with green it would be 10, with pink 1. No difference of two worlds is drawn in this view.
  const COLOURS = ["blue", "orange", "more2"];

  class Lying {
    constructor(film) {
      this.film = film;
      const n = film.states;
      this.cells = Array.from({ length: n }, () => []);
      for (const [month, user, told] of film.lying.flows) this.cells[user].push([month, told]);
      this.more = unpacked(film.lying.more, film.months);
      this.exposed = unpacked(film.lying.exposed_to, film.months);
      this.ways = film.lying.ways.map(([a, b, told]) => ({ a, b, told }));
      this.waysOf = Array.from({ length: n }, () => []);
      for (const way of this.ways) { this.waysOf[way.a].push(way); this.waysOf[way.b].push(way); }
    }
    /* Load of a state's users in a month, MW. */
    load(month, user) {
      return this.film.fields.load ? this.film.value("load", month, user) * this.more(month, user) : NaN;
    }
    /* Where a state's load lies: host, home of the provider, share and MW, the largest first. */
    of(month, user) {
      const told = upTo(this.cells[user], month), load = this.load(month, user), out = [];
      for (let k = 0; told && k < told[1].length; k += 3) {
        out.push({ user, host: told[1][k], home: told[1][k + 1], share: told[1][k + 2] / 1000,
          mw: (load * told[1][k + 2]) / 1000 });
      }
      return out;
    }
    /* Load that leaves its state, by user and host, the largest first: MW, share, and MW by home of the provider. */
    flows(month, users) {
      const found = [];
      for (const user of users) {
        const to = new Map();
        for (const one of this.of(month, user)) {
          if (one.host === user) continue;
          const flow = to.get(one.host) || { user, host: one.host, mw: 0, share: 0, homes: [] };
          flow.mw += one.mw;
          flow.share += one.share;
          flow.homes.push([one.home, one.mw]);
          to.set(one.host, flow);
        }
        found.push(...to.values());
      }
      return found.sort((a, b) => b.mw - a.mw || a.user - b.user || a.host - b.host);
    }
    /* How many links of a way carry data, and how many are in service. */
    way(way, month) {
      const { told } = way;
      let at = -3;
      while (at + 3 < told.length && told[at + 3] <= month) at += 3;
      return at < 0 ? [0, 0] : [told[at + 1], told[at + 2]];
    }
    isCut(way, month) {
      const [open, all] = this.way(way, month);
      return all > 0 && open === 0;
    }
    /* Whether open ways lead from one state to another. */
    reaches(month, from, to) {
      if (this.joinedIn !== month) {
        const up = [...this.cells.keys()], root = (k) => { while (up[k] !== k) k = up[k] = up[up[k]]; return k; };
        for (const way of this.ways) if (this.way(way, month)[0]) up[root(way.a)] = root(way.b);
        this.joined = up.map((_, k) => root(k));
        this.joinedIn = month;
      }
      return this.joined[from] === this.joined[to];
    }
    /* Whether a state has links in service and none of them carries anything. */
    isOff(state, month) {
      const ways = this.waysOf[state].map((way) => this.way(way, month)).filter(([, all]) => all > 0);
      return ways.length > 0 && ways.every(([open]) => open === 0);
    }
    /* Homes whose providers hold most for others, at the start and in the end of what has been lived. */
    get homes() {
      if (this.largest) return this.largest;
      const held = new Map(), film = this.film, every = [...this.cells.keys()];
      for (const month of [0, CD.limitOf(film)]) {
        for (const user of every) {
          for (const one of this.of(month, user)) {
            if (one.home !== user) held.set(one.home, (held.get(one.home) || 0) + (one.mw || 0));
          }
        }
      }
      const codes = [...held].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([k]) => film.parties[k].code);
      return (this.largest = codes.slice(0, COLOURS.length));
    }
  }
  CD.limitOf = (film) => (film.lived === undefined ? film.months : Math.max(film.lived, 1)) - 1;
  CD.lyingOf = function (film) {
    if (!film.lying) return null;
    film.lies = film.lies || new Lying(film);
    return film.lies;
  };
  /* The colour of a provider's home, as seen by a user: its own, one of the largest in this world, another. */
  CD.homeColour = function (film, home, user) {
    if (home === user) return "ink";
    const at = CD.lyingOf(CD.film).homes.indexOf(film.parties[home].code);
    return at < 0 ? "quiet" : COLOURS[at];
  };

  function upTo(told, month) {
    let found = null;
    for (const one of told) {
      if (one[0] > month) break;
      found = one;
    }
    return found;
  }
  /* Packed rows as a function of month and place. */
  function unpacked(panel, months) {
    const n = panel.first.length, out = new Float64Array(months * n), row = panel.first.slice();
    const at = new Map(panel.changes);
    for (let m = 0; m < months; m++) {
      const told = at.get(m) || [];
      for (let k = 0; k < told.length; k += 2) row[told[k]] = told[k + 1];
      out.set(row, m * n);
    }
    return (month, k) => out[month * n + k];
  }

  /* Equal Earth about 11 degrees east, in the page's units; y points down. */
  const MIDDLE = 11, WEST = MIDDLE - 180, SOUTH = -60, NORTH = 85, A = [1.340264, -0.081106, 0.000893, 0.003796];
  CD.project = function (lon, lat) {
    const t = Math.asin((Math.sqrt(3) / 2) * Math.sin((lat * Math.PI) / 180)), t2 = t * t, t6 = t2 * t2 * t2;
    const lam = ((lon - MIDDLE) * Math.PI) / 180;
    const x = (2 * Math.sqrt(3) * lam * Math.cos(t)) / (3 * (9 * A[3] * t6 * t2 + 7 * A[2] * t6 + 3 * A[1] * t2 + A[0]));
    return [100 * x, -100 * t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))];
  };
  /* A line between two places the shorter way round, bowed to the right of who travels it, so that there and back lie apart.
     It gives the path and, for a mark that says which way, a point past the middle and the direction there. */
  CD.bowed = function (from, to, bow) {
    const steps = 16, up = to[0] - from[0], turn = ((((to[1] - from[1] + 180) % 360) + 360) % 360) - 180;
    const points = [];
    for (let k = 0; k <= steps; k++) {
      const t = k / steps, out = bow * Math.sin(Math.PI * t);
      points.push([from[1] + t * turn + out * up, Math.max(SOUTH, Math.min(NORTH, from[0] + t * up - out * turn))]);
    }
    const round = (lon) => Math.floor((lon - WEST) / 360), text = ([x, y]) => x.toFixed(1) + " " + y.toFixed(1);
    const on = points.map(([lon, lat]) => CD.project(lon - 360 * round(lon), lat));
    let d = "M" + text(on[0]);
    for (let k = 1; k <= steps; k++) {
      const [here, there] = [round(points[k - 1][0]), round(points[k][0])];
      if (here !== there) {
        const edge = WEST + 360 * Math.max(here, there);
        const part = (edge - points[k - 1][0]) / (points[k][0] - points[k - 1][0] || 1);
        const lat = points[k - 1][1] + part * (points[k][1] - points[k - 1][1]), east = there > here;
        d += "L" + text(CD.project(east ? WEST + 360 : WEST, lat)) + "M" + text(CD.project(east ? WEST : WEST + 360, lat));
      }
      d += "L" + text(on[k]);
    }
    const past = 10, way = Math.atan2(on[past + 1][1] - on[past][1], on[past + 1][0] - on[past][0]);
    return { d, at: on[past], way };
  };
})();

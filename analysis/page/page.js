"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const figures = read("figures");
  const darkOf = read("dark");
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const turned = (value) => {
    if (typeof value === "string") return value.replace(/#[0-9a-f]{6}/g, (colour) => darkOf[colour] || colour);
    if (Array.isArray(value)) return value.map(turned);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, turned(v)]));
    return value;
  };

  const draw = (place) => {
    const figure = figures[place.dataset.figure];
    const { data, layout } = system.matches ? turned(figure) : structuredClone(figure);
    const meta = layout.meta || {};
    const width = place.clientWidth;
    if (meta.aspect) layout.height = Math.max(Math.round(width * meta.aspect), Math.min(meta.least_height || 0, width));
    layout.width = width;
    place.style.height = layout.height + "px";
    if (width < 600 && meta.aspect) narrow(data, width / 1000);
    if (width < 900) fewer(data);
    Plotly.react(place, data, layout, { displayModeBar: false, responsive: false });
  };

  const narrow = (data, share) => {
    for (const trace of data) {
      if (trace.line && trace.line.width) trace.line.width *= 0.4 + share * 0.6;
      if (trace.marker && (trace.marker.opacity !== 0 || trace.customdata) && trace.marker.symbol !== "circle-open") {
        const smaller = (size) => Math.max(3, size * (0.35 + share * 0.5));
        trace.marker.size = Array.isArray(trace.marker.size) ? trace.marker.size.map(smaller) : smaller(trace.marker.size);
      }
    }
  };

  const fewer = (data) => {
    for (const trace of data) if (trace.customdata) trace.text = trace.text.map((name, k) => (trace.customdata[k] ? name : ""));
  };

  const all = () => document.querySelectorAll("[data-figure]").forEach(draw);
  let before = 0;
  let waiting = 0;
  new ResizeObserver(() => {
    if (document.body.clientWidth === before) return;
    before = document.body.clientWidth;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(all);
  }).observe(document.body);
  system.addEventListener("change", all);
})();

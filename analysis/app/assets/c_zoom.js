/* Nearer and farther: the part of the map that is seen, the same in both worlds; buttons, dragging, and a pinch. */
(function () {
  "use strict";
  const CD = (window.CD = window.CD || {});
  const h = (...a) => CD.h(...a);
  const MOST = 12, STEP = 1.8;
  CD.zoom = { times: 1, at: null };

  /* What is seen of a frame (left, top, width, height), so many times nearer about a point, never beyond its edges. */
  CD.zoomedFrame = function (frame, times, at) {
    const size = [frame[2] / times, frame[3] / times];
    const from = [0, 1].map((i) => {
      const middle = at ? at[i] : frame[i] + frame[2 + i] / 2;
      return Math.min(Math.max(middle - size[i] / 2, frame[i]), frame[i] + frame[2 + i] - size[i]);
    });
    return [...from, ...size];
  };
  const maps = () => (CD.sights || []).map((one) => one[1]).filter((sight) => sight.resize);
  const show = () => {
    const box = CD.zoomedFrame(CD.geometry.frame, CD.zoom.times, CD.zoom.at).map((v) => v.toFixed(2)).join(" ");
    for (const map of maps()) {
      for (const sheet of map.sheets) sheet.setAttribute("viewBox", box);
      map.resize(CD.zoom.times);
    }
    const far = CD.zoom.times <= 1;
    if (CD.parts.zoom) CD.parts.zoom.forEach((one, k) => { one.disabled = k === 0 ? CD.zoom.times >= MOST : far; });
  };
  CD.showZoom = show;
  CD.zoomBy = function (factor, at) {
    const [kind, code] = CD.split(CD.state.pick), k = kind === "state" ? CD.film.index.get(code) : undefined;
    // From afar one goes nearer to what is selected; once there, to where one looks.
    const about = at || CD.zoom.at || (k !== undefined && k < CD.film.states ? CD.film.parties[k].at : null);
    CD.zoom.times = Math.min(MOST, Math.max(1, CD.zoom.times * factor));
    CD.zoom.at = CD.zoom.times > 1 ? about : null;
    show();
  };
  CD.zoomButtons = function () {
    const button = (text, label, act) =>
      h("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
    CD.parts.zoom = [button("+", CD.t("Nearer"), () => CD.zoomBy(STEP)),
      button("−", CD.t("Farther"), () => CD.zoomBy(1 / STEP)),
      button("⤢", CD.t("The whole map"), () => CD.zoomBy(0))];
    return h("span", { class: "tabs" }, CD.parts.zoom);
  };
  /* Dragging moves a map that is near; a click is what did not move. */
  CD.zoomable = function (map) {
    for (const sheet of map.sheets) {
      sheet.addEventListener("wheel", (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        CD.zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, CD.zoom.at || place(event));
      }, { passive: false });
      sheet.addEventListener("pointerdown", (event) => {
        if (CD.zoom.times <= 1 || event.button) return;
        const begun = place(event), near = [event.clientX, event.clientY];
        let moved = false;
        const move = (now) => {
          moved = moved || Math.hypot(now.clientX - near[0], now.clientY - near[1]) > 4;
          if (!moved) return;
          const box = CD.zoomedFrame(CD.geometry.frame, CD.zoom.times, CD.zoom.at), at = place(now);
          CD.zoom.at = [0, 1].map((i) => box[i] + box[2 + i] / 2 + begun[i] - at[i]);
          const kept = CD.zoomedFrame(CD.geometry.frame, CD.zoom.times, CD.zoom.at);
          CD.zoom.at = [0, 1].map((i) => kept[i] + kept[2 + i] / 2);
          show();
        };
        const stop = () => {
          window.removeEventListener("pointermove", move);
          window.removeEventListener("pointerup", stop);
          if (!moved) return;
          const still = (click) => click.stopPropagation();
          window.addEventListener("click", still, { capture: true });
          // The click that belongs to the drag comes before any timer does.
          setTimeout(() => window.removeEventListener("click", still, { capture: true }), 0);
        };
        window.addEventListener("pointermove", move);
        window.addEventListener("pointerup", stop);
      });
      sheet.addEventListener("dragstart", (event) => event.preventDefault());
    }
    function place(event) {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.svg.getScreenCTM().inverse());
      return [at.x, at.y];
    }
  };
})();

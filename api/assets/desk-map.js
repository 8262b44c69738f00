"use strict";

// Draws the desk's map: shares and gaps as the tables of the page have them, on outlines that are asked for once.
const deskMap = (() => {
  const NO_DATA = "#e3e3e3", BORDER = "#8a94a0", GAP = "#d55e00", SERVICE = "#1d2733";
  let map = null, ground = null, asked = "", drawn = null, seen = "";

  function words(...lines) {
    const box = document.createElement("div");
    for (const line of lines) box.append(Object.assign(document.createElement("div"), { textContent: line }));
    return box;
  }

  const rows = table => [...document.querySelectorAll(`${table} tbody tr`)];
  const said = row => [...row.cells].slice(0, 4).map(cell => cell.innerText.replace(/\s+/g, " ").trim());
  const classes = () => [...document.querySelectorAll(".legend rect[fill]")].map(each => each.getAttribute("fill"));

  function colour(share) {
    return share === "" || share === undefined ? NO_DATA : classes()[Math.min(Math.floor(Number(share) / 20), 4)];
  }

  function made() {
    const place = document.getElementById("map"), element = document.createElement("div");
    element.className = "map";
    place.replaceChildren(element);
    map = L.map(element, { zoomSnap: 0.25, worldCopyJump: true, attributionControl: false, zoomControl: false });
    const labels = place.dataset;
    L.control.zoom({ zoomInTitle: labels.zoomIn, zoomOutTitle: labels.zoomOut }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.setView([0, 0], 2);
    drawn = L.layerGroup().addTo(map);
    deskMap.onMade?.(map);
  }

  const turned = polygons => polygons.map(polygon => polygon.map(ring => ring.map(([lon, lat]) => [lat, lon])));

  function outlines() {
    const shares = new Map(rows("#parts").map(row => [row.dataset.code, row]));
    for (const [code, polygons] of Object.entries(ground.outlines)) {
      const whole = code === ground.whole, row = whole ? null : shares.get(code);
      const style = { color: BORDER, weight: whole ? 2 : 1, fillColor: colour(row?.dataset.share), fillOpacity: whole ? 0 : 0.85, interactive: !whole };
      const shape = L.polygon(turned(polygons), style).addTo(drawn);
      if (row) shape.bindTooltip(words(...said(row).slice(0, 2)), { sticky: true });
    }
  }

  function services(reach) {
    for (const each of ground.services) {
      const at = [each.lat, each.lon];
      L.circle(at, { radius: reach, color: SERVICE, weight: 1, opacity: 0.5, fill: false, interactive: false }).addTo(drawn);
      const box = L.divIcon({ className: "service", iconSize: [10, 10] });
      const marker = L.marker(at, { icon: box, title: each.name, keyboard: false }).addTo(drawn);
      marker.on("click", () => deskMap.onService?.(each, marker));
    }
  }

  function gaps() {
    const most = Math.max(1, ...rows("#gaps").map(row => Number(row.dataset.children)));
    for (const row of rows("#gaps")) {
      const { lon, lat, children } = row.dataset;
      const radius = 4 + 8 * Math.sqrt(Number(children) / most);
      const style = { radius, color: "#fff", weight: 1, fillColor: GAP, fillOpacity: 0.9 };
      L.circleMarker([lat, lon], style).addTo(drawn).bindTooltip(words(...said(row).slice(0, 3)));
    }
  }

  function draw(reach) {
    drawn.clearLayers();
    outlines();
    services(reach);
    gaps();
    document.getElementById("map-truncated").hidden = !ground.truncated;
    const shapes = Object.values(ground.outlines).flatMap(turned);
    const places = rows("#gaps").map(row => [Number(row.dataset.lat), Number(row.dataset.lon)]);
    const box = shapes.length ? L.latLngBounds(shapes.flat(2)) : L.latLngBounds(places);
    if (asked !== seen && box.isValid()) map.fitBounds(box.pad(0.02));
    seen = asked;
  }

  async function show(answer) {
    const { ground: address, reach } = answer.dataset;
    if (!address) return;
    if (!map) made();
    const failed = document.getElementById("map-failed");
    try {
      if (address !== asked) {
        const told = await fetch(address, { headers: { accept: "application/json" } });
        if (!told.ok) throw new Error(told.statusText);
        ground = await told.json();
        asked = address;
      }
      failed.hidden = true;
      draw(Number(reach));
    } catch {
      failed.hidden = false;
    }
  }

  return { show, words };
})();

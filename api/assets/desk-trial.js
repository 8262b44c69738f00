"use strict";

// Sites that are tried stand behind the "#" of the address, which no browser sends, and go to the server in bodies alone.
const deskTrial = (() => {
  const HASH = "#try=", at = id => document.getElementById(id);
  let changes = read(), map = null, layer = null, moving = null, turn = 0;

  // A change: a site has a place and no id, a closed service an id and no place, a moved one both.
  function read() {
    try {
      const listed = JSON.parse(decodeURIComponent(location.hash.slice(HASH.length)));
      return listed.map(([name, id, lon, lat]) => ({ name, id, lon, lat }));
    } catch {
      return [];
    }
  }

  function keep() {
    const listed = changes.map(({ name, id, lon, lat }) => [name, id ?? null, lon ?? null, lat ?? null]);
    const hash = changes.length ? HASH + encodeURIComponent(JSON.stringify(listed)) : "";
    history.replaceState(history.state, "", location.pathname + location.search + hash);
    list();
    draw();
    ask("/desk/try", {});
  }

  const words = name => at("trial").dataset[name];
  const rounded = degrees => Math.round(degrees * 1e5) / 1e5;

  function button(label, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: label });
    made.addEventListener("click", act);
    return made;
  }

  function add(place) {
    changes.push({ name: place.name || `${words("site")} ${changes.length + 1}`, lon: rounded(place.lon), lat: rounded(place.lat) });
    keep();
  }

  function remove(change) {
    changes = changes.filter(each => each !== change);
    keep();
  }

  function list() {
    const items = changes.map(change => {
      const item = document.createElement("li"), name = document.createElement("span");
      name.textContent = change.name;
      name.translate = false;
      const what = change.id ? (change.lon === undefined || change.lon === null ? "closed" : "moved") : "added";
      item.append(name, ` (${words(what)}) `, button(words("remove"), () => remove(change)));
      return item;
    });
    at("trial-list").replaceChildren(...items);
    at("trial-save").hidden = !changes.length;
    if (!changes.length) at("trial-told").replaceChildren();
  }

  function draw() {
    if (!map) return;
    layer?.remove();
    layer = L.layerGroup().addTo(map);
    const reach = Number(at("answer").dataset.reach);
    for (const change of changes.filter(each => each.lon !== undefined && each.lon !== null)) {
      const place = [change.lat, change.lon];
      L.circle(place, { radius: reach, color: "#6a1b9a", weight: 2, fillOpacity: 0.1, interactive: false }).addTo(layer);
      const icon = L.divIcon({ className: "tried", iconSize: [14, 14] });
      const marker = L.marker(place, { icon, draggable: true, keyboard: false, title: change.name }).addTo(layer);
      marker.on("dragend", () => {
        const moved = marker.getLatLng().wrap();
        change.lat = rounded(moved.lat);
        change.lon = rounded(moved.lng);
        keep();
      });
    }
  }

  async function ask(path, more) {
    const now = ++turn, told = at("trial-told"), key = at("trial-key")?.value.trim();
    if (path === "/desk/try" && !changes.length) return null;
    const headers = { "content-type": "application/json", accept: "text/html" };
    if (key) headers.authorization = `Bearer ${key}`;
    if (words("token")) headers["x-csrf-token"] = words("token");
    const body = JSON.stringify({ changes, ...more });
    try {
      const answer = await fetch(path + new URL(at("answer").dataset.address, location.href).search, { method: "POST", headers, body });
      const html = await answer.text();
      if (now !== turn) return null;
      if (!answer.headers.get("content-type").startsWith("text/html")) throw new Error(html);
      const shown = new DOMParser().parseFromString(html, "text/html");
      told.replaceChildren(...(shown.querySelector("main") ?? shown.body).childNodes);
      return answer.ok ? told : null;
    } catch {
      if (now === turn) told.textContent = words("failed");
      return null;
    }
  }

  async function best() {
    const told = await ask("/desk/best", { count: Number(at("trial-count").value) });
    const found = told?.querySelector("#best");
    if (!found) return;
    changes.push(...JSON.parse(found.dataset.sites));
    keep();
  }

  function onService(service, marker) {
    if (!at("trial")) return;
    const act = (label, does) => button(label, () => { map.closePopup(); does(); });
    const box = deskMap.words(service.name);
    const others = () => changes.filter(each => each.id !== service.id);
    box.append(
      act(words("close"), () => { changes = [...others(), { name: service.name, id: service.id }]; keep(); }), " ",
      act(words("move"), () => { moving = service; at("trial-state").textContent = words("where"); }),
    );
    L.popup().setLatLng(marker.getLatLng()).setContent(box).openOn(map);
  }

  function onClick(event) {
    if (!at("trial")) return;
    const { lat, lng: lon } = event.latlng.wrap();
    if (!moving) return add({ lon, lat });
    changes = [...changes.filter(each => each.id !== moving.id), { name: moving.name, id: moving.id, lon: rounded(lon), lat: rounded(lat) }];
    moving = null;
    at("trial-state").textContent = "";
    keep();
  }

  // After each answer: the panel stays where there is one service, and is gone where there are several.
  function show() {
    const panel = at("trial");
    if (!panel) return;
    for (const each of document.querySelectorAll("#gaps .try")) {
      each.hidden = false;
      const { name, lon, lat } = each.closest("tr").dataset;
      each.addEventListener("click", () => {
        add({ name, lon: Number(lon), lat: Number(lat) });
        at("trial-told").scrollIntoView({ block: "center" });
      });
    }
    if (!panel.dataset.bound) {
      panel.dataset.bound = "1";
      panel.hidden = false;
      at("trial-planners").addEventListener("submit", event => event.preventDefault());
      at("trial-best").addEventListener("click", best);
      at("trial-keep").addEventListener("click", () => ask("/desk/save", { saveAs: at("trial-name").value.trim() }));
    }
    if (panel.dataset.service !== panel.closest("section").dataset.service && panel.dataset.service) {
      changes = changes.filter(each => !each.id);  // services of another kind
    }
    panel.dataset.service = panel.closest("section").dataset.service;
    keep();
  }

  deskMap.onService = onService;
  deskMap.onMade = made => {
    map = made;
    map.on("click", onClick);
    draw();
  };

  return { show };
})();

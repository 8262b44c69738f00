"use strict";

// Packs are kept by this browser, and searched here: nothing that is written is sent anywhere.
const PACKS = "lakana-packs", DAY_MS = 864e5, SHOWN = 40;
const root = document.getElementById("packs"), keep = document.getElementById("keep"), state = document.getElementById("state");
const lang = document.documentElement.lang, words = root.dataset;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function make(name, text, ...inside) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...inside);
  return made;
}

function button(text, work) {
  const made = make("button", text);
  made.type = "button";
  made.className = "quiet";
  made.addEventListener("click", work);
  return made;
}

async function fetchAnew(address) {
  state.textContent = words.fetching;
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    await (await caches.open(PACKS)).put(address, answer);
    state.textContent = words.kept;
  } catch {
    state.textContent = words.failed;
  }
  await show();
}

async function forget(address) {
  await (await caches.open(PACKS)).delete(address);
  await show();
}

function phones(entry) {
  return (entry.phones || []).flatMap(([number, label]) => {
    const link = make("a", number);
    link.href = `tel:${number}`;
    link.className = "phone";
    link.translate = false;
    return [" ", link, label ? ` (${label})` : ""];
  });
}

function line(entry) {
  const name = make("b", entry.name), told = [entry.what, entry.town].filter(each => each && !entry.name.includes(each)).join(", ");
  name.translate = false;
  const more = [entry.hours || words.nohours, (entry.languages || []).join(", ")].filter(Boolean).join(" · ");
  const closed = entry.closed && fill(words.closed, { from: entry.closed[0], until: entry.closed[1] || "…" });
  const numbers = phones(entry);
  return make("li", "", name, told && ` · ${told}`, make("br"), ...(numbers.length ? numbers : [words.nophone]), ` · ${more}`, closed ? ` · ${closed}` : "");
}

function searched(pack) {
  const field = make("input"), list = make("ul"), many = make("p");
  field.type = "search";
  list.className = "places";
  many.setAttribute("role", "status");
  const folded = pack.found.map(each => [fold(`${each.name} ${each.what || ""} ${each.town || ""}`), each]);
  const find = () => {
    const wanted = fold(field.value).split(/\s+/).filter(Boolean);
    const hits = folded.filter(([text]) => wanted.every(each => text.includes(each))).map(([, each]) => each);
    many.textContent = fill(words.hits, { many: hits.length, shown: Math.min(hits.length, SHOWN) });
    list.replaceChildren(...hits.slice(0, SHOWN).map(line));
  };
  field.addEventListener("input", find);
  find();
  return [make("label", words.search, field), many, list];
}

function pathways(pack) {
  return pack.pathways.map(each => make("details", "", make("summary", each.what), make("ol", "", ...each.steps.map(
    ([what, todo, report]) => make("li", "", make("b", what), report ? ` · ${words.report} ${report}` : "", make("br"), todo)))));
}

function shown(address, pack) {
  const days = Math.floor((Date.now() - Date.parse(pack.made)) / DAY_MS), section = make("section");
  const old = days >= pack.days, unknown = !(days >= 0);
  const age = make("p", unknown ? words.clock : fill(old ? words.old : words.age, { days, most: pack.days, date: pack.made }));
  age.className = old || unknown ? "banner" : "note";
  section.append(make("h2", pack.name), age, button(words.anew, () => fetchAnew(address)), " ", button(words.forget, () => forget(address)));
  if (old || unknown) return section;  // nothing of it is shown as if it still held
  if (pack.illustrative) section.append(Object.assign(make("p", words.illustrative), { className: "banner" }));
  section.append(...searched(pack), make("h3", words.todo), ...pathways(pack), Object.assign(make("p", `${words.sources} ${pack.sources.join(", ")}`), { className: "note" }));
  return section;
}

async function show() {
  const store = await caches.open(PACKS), sections = [];
  for (const { url } of await store.keys()) {
    const address = url.slice(location.origin.length);
    try {
      sections.push(shown(address, await (await store.match(url, { ignoreVary: true })).json()));
    } catch {
      await store.delete(url);
    }
  }
  root.replaceChildren(...(sections.length ? sections : [make("p", words.none)]));
}

if ("caches" in window && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(`/nearest/worker.js?lang=${lang}`, { scope: "/nearest" });
  if (keep) {
    keep.hidden = false;
    keep.addEventListener("click", () => fetchAnew(keep.dataset.address));
  }
  show();
} else state.textContent = words.unable;

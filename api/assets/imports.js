"use strict";

// Whatever a file or a report says is shown by textContent alone. The key stays in its field and goes into a header; who
// is signed in needs none, and shows the token of the session with what changes something.
const { words, kinds, csrf } = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("form");
const at = (id) => document.getElementById(id);
const language = words.locale.toLowerCase();
let job = null;
let asked = 0;
// What the steward has said of columns: what the server merely recognised or left out is nobody's word.
const chosen = new Map();

for (const kind of kinds) form.kind.append(new Option(kind.words, kind.name));
for (const name of words.columns) at("heads").append(element("th", name));

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== null && text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const shown = () => (csrf ? { "x-csrf-token": csrf } : { authorization: `Bearer ${form.key.value.trim()}` });
const credentials = csrf ? "same-origin" : "omit";

async function ask(method, path, body) {
  const headers = { ...shown(), accept: "application/json" };
  if (typeof body === "string") headers["content-type"] = "application/json";
  const answer = await fetch(path, { method, headers, body, credentials, cache: "no-store" });
  if (answer.status === 204) return null;
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.errors?.[0]?.message ?? answer.statusText), { status: answer.status });
  return told;
}

function options() {
  const said = {};
  for (const field of form.querySelectorAll("[data-option]")) {
    const value = field.type === "checkbox" ? field.checked : field.value.trim();
    if (value) said[field.name] = field.type === "number" ? Number(value) : value;
  }
  const spellings = form.spellings.value.split("\n").map((line) => line.split("="));
  said.spellings = Object.fromEntries(spellings.filter((pair) => pair.length === 2).map((pair) => pair.map((each) => each.trim())));
  said.columns = Object.fromEntries(chosen);
  return said;
}

async function follow(started) {
  const turn = ++asked;
  try {
    let told = await started();
    while (turn === asked && told && (told.status === "QUEUED" || told.status === "RUNNING")) {
      job = told;
      state(told.waitingFor ? words.busy : words[told.status], told.progress);
      await new Promise((done) => setTimeout(done, 700));
      told = await ask("GET", told.href);
    }
    if (turn === asked && told) show(told);
  } catch (error) {
    if (turn !== asked) return;
    if (error.status === 404 && job) clear(words.lost);
    else state(error instanceof TypeError ? words.offline : error.message);
  }
}

function state(text, progress) {
  at("state").textContent = text;
  at("progress").hidden = progress === undefined;
  at("progress").value = progress ?? 0;
  const busy = progress !== undefined;
  for (const button of document.querySelectorAll("button:not(#end)")) button.disabled = busy;
  at("end").hidden = job === null;
}

function clear(text) {
  job = null;
  chosen.clear();
  at("recognised").hidden = at("report").hidden = true;
  at("columns").replaceChildren();
  state(text);
}

function show(told) {
  job = told;
  const loaded = told.status === "LOADED";
  state(told.failure ? `${words.failed} ${told.failure}` : told.problem ? words.refused : "");
  if (told.problem) at("state").textContent += ` ${told.problem.what[words.locale]} ${told.problem.mend[words.locale]}`;
  if (loaded) at("state").textContent = `${words.loaded} ${told.importId}`;
  at("recognised").hidden = !told.recognised || loaded;
  at("report").hidden = !told.report;
  at("end").hidden = loaded;
  if (told.recognised) showColumns(told);
  if (told.report) showReport(told);
}

function showColumns({ kind, recognised: file }) {
  at("form-of-file").textContent = [file.file, file.format, file.sheet, file.encoding, file.delimiter].filter(Boolean).join(" · ");
  const fields = kinds.find((each) => each.name === kind).fields;
  const held = Object.entries(file.columns).map(([column, { field }]) => [column, field]);
  const rows = [...held, ...file.leftOut.map((column) => [column, "-"])].map(([column, field]) => {
    const choice = document.createElement("select");
    choice.dataset.column = column;
    choice.setAttribute("aria-label", column);
    if (field === "-") choice.append(new Option(words.none, ""));
    choice.append(new Option(words.leave, "-"), ...fields.map(([name, said]) => new Option(said, name)));
    choice.value = chosen.get(column) ?? (field === "-" ? "" : field);
    choice.addEventListener("change", () => (choice.value ? chosen.set(column, choice.value) : chosen.delete(column)));
    const row = document.createElement("tr");
    const cell = document.createElement("td");
    cell.append(choice);
    row.append(element("td", column), cell);
    return row;
  });
  at("columns").replaceChildren(...rows);
}

function showReport({ href, status, report }) {
  at("outcome").textContent = words.outcomes[report.outcome];
  at("counts").replaceChildren(
    ...words.counts.map(([name, said]) => element("li", `${report.rows[name].toLocaleString(language)} ${said}`)),
  );
  const links = ["xlsx", "html", "csv"].map((end) => {
    const link = element("a", end.toUpperCase());
    link.href = "#";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      download(`${href}/report.${language}.${end}`);
    });
    return link;
  });
  at("downloads").replaceChildren(document.createTextNode(`${words.download} `), ...links);
  at("problems").replaceChildren(
    ...report.problems.map((each) => {
      const row = element("tr", null, each.weight === "note" ? "note" : "");
      const sentences = [words.weights[each.weight], each.what[words.locale], each.mend[words.locale]];
      row.append(...[each.file, each.sheet, each.row, each.column, each.value, ...sentences].map((text) => element("td", text)));
      return row;
    }),
  );
  at("confirm").hidden = status !== "TRIED" || report.outcome !== "tried";
}

async function download(path) {
  const answer = await fetch(path, { headers: shown(), credentials });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = path.split("/").pop();
  link.click();
  URL.revokeObjectURL(link.href);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  at("columns").replaceChildren();
  chosen.clear();
  const sent = new FormData();
  sent.append("kind", form.kind.value);
  sent.append("options", JSON.stringify(options()));
  for (const file of form.file.files) sent.append("file", file);
  for (const field of form.querySelectorAll("[data-beside]")) for (const file of field.files) sent.append(field.name, file);
  state(words.sending, 0);
  follow(async () => {
    if (job) await ask("DELETE", job.href).catch(() => null);
    job = null;
    return ask("POST", "/imports", sent);
  });
});
at("again").addEventListener("click", () => follow(() => ask("POST", job.href, JSON.stringify({ options: options() }))));
at("load").addEventListener("click", () => follow(() => ask("POST", job.href, JSON.stringify({ load: true, options: options() }))));
at("end").addEventListener("click", async () => {
  asked += 1;
  await ask("DELETE", job.href).catch(() => null);
  clear(words.over);
});

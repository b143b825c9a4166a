// An answer → a table with labels beside identifiers, the answer as it came, or bars of its first column of numbers.
const MOST_ROWS = 500;
const node = (name, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};

export function show(place, answer, facts) {
  const { words } = facts;
  const status = document.querySelector('[data-part="status"]');
  const raw = () => node("pre", { tabIndex: 0, textContent: answer.body.slice(0, 2_000_000) });
  if (!answer.type.includes("json") || answer.type.includes("ld+json")) {
    status.textContent = `${answer.ms} ms`;
    return place.replaceChildren(raw());
  }
  const found = JSON.parse(answer.body);
  if ("boolean" in found) {
    status.textContent = `${answer.ms} ms`;
    return place.replaceChildren(node("p", { className: "truth", textContent: found.boolean ? words.yes : words.no }));
  }
  const { head: { vars }, results: { bindings } } = found;
  status.textContent = words.rows.replace("#", bindings.length.toLocaleString()).replace("@", answer.ms);
  const body = node("div");
  const views = { table: () => table(vars, bindings, facts), raw, chart: () => chart(vars, bindings, facts) };
  const buttons = Object.keys(views).map((name) => {
    const button = node("button", { type: "button", textContent: words[name] });
    button.addEventListener("click", () => pick(name));
    button.dataset.view = name;
    return button;
  });
  const save = node("a", { textContent: words.download, download: "answer.csv", href: `/sparql?${new URLSearchParams({ query: answer.query })}` });
  save.addEventListener("click", (event) => (event.preventDefault(), csv(answer.query)));
  place.replaceChildren(node("p", { className: "views" }, ...buttons, save), body);
  const pick = (name) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    body.replaceChildren(views[name]());
  };
  pick("table");
}

async function csv(query) {
  const answer = await fetch("/sparql", { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: "text/csv" }, body: query });
  const href = URL.createObjectURL(new Blob(["\ufeff", await answer.text()], { type: "text/csv" }));
  node("a", { href, download: "answer.csv" }).click();
  URL.revokeObjectURL(href);
}

function table(vars, bindings, facts) {
  const heads = vars.map((name) => node("th", { scope: "col", textContent: name }));
  const rows = bindings.slice(0, MOST_ROWS).map((row) => node("tr", {}, ...vars.map((name) => node("td", {}, ...cell(row[name], facts)))));
  const made = node("div", { className: "scroll", tabIndex: 0 }, node("table", {}, node("thead", {}, node("tr", {}, ...heads)), node("tbody", {}, ...rows)));
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", facts.words.result);
  const wrap = node("div", {}, made);
  if (bindings.length > MOST_ROWS) wrap.prepend(node("p", { className: "note", textContent: facts.words.first.replace("#", MOST_ROWS) }));
  label(made, facts);
  return wrap;
}

function cell(term, { base, prefixes }) {
  if (!term) return [];
  if (term.type !== "uri") {
    const text = node("span", { textContent: term.value });
    if (term["xml:lang"]) text.lang = term["xml:lang"];
    return [text];
  }
  const [name, iri] = Object.entries(prefixes).find(([, iri]) => term.value.startsWith(iri) && term.value.length > iri.length) ?? [];
  const short = name ? `${name}:${term.value.slice(iri.length)}` : term.value;
  const ours = term.value.startsWith(`${base}id/`);
  const href = ours ? `/page/${term.value.slice(base.length + 3)}` : /^https?:/.test(term.value) ? term.value : "";
  const made = href ? node("a", { href, textContent: short }) : node("span", { textContent: short });
  if (ours) made.dataset.iri = term.value;
  return [made];
}

// Labels come in one further question, after the table stands.
async function label(place, { base, lang, labels }) {
  const links = [...place.querySelectorAll("[data-iri]")];
  const iris = [...new Set(links.map((link) => link.dataset.iri))].filter((iri) => /^[^<>"{}|^`\\\s]+$/.test(iri)).slice(0, 150);
  if (!iris.length) return;
  const query = labels.replace("UNDEF", iris.map((iri) => `<${iri}>`).join(" "));
  const headers = { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" };
  const answer = await fetch("/sparql", { method: "POST", headers, body: query });
  if (!answer.ok) return;
  const names = {};
  for (const { thing, label: name } of (await answer.json()).results.bindings) {
    const code = name["xml:lang"];
    if (code === lang || (!names[thing.value] && code === "ja")) names[thing.value] = name;
  }
  for (const link of links) {
    const name = names[link.dataset.iri];
    if (name && link.isConnected) link.after(" ", node("span", { className: "beside", lang: name["xml:lang"], textContent: name.value }));
  }
}

function chart(vars, bindings, { words }) {
  const isNumber = (term) => term && /#(integer|decimal|double|float)$/.test(term.datatype ?? "");
  const value = vars.find((name) => bindings.some((row) => isNumber(row[name])));
  const name = vars.find((other) => other !== value);
  if (!value || !name) return node("p", { textContent: words.noNumber });
  const rows = bindings.filter((row) => isNumber(row[value])).slice(0, 40);
  const most = Math.max(...rows.map((row) => Math.abs(Number(row[value].value)))) || 1;
  const SVG = "http://www.w3.org/2000/svg";
  return node("ol", { className: "bars" }, ...rows.map((row) => {
    const svg = document.createElementNS(SVG, "svg");
    const rect = document.createElementNS(SVG, "rect");
    for (const [key, text] of [["class", "bar"], ["width", "100%"], ["height", "14"], ["aria-hidden", "true"]]) svg.setAttribute(key, text);
    rect.setAttribute("width", `${(100 * Math.abs(Number(row[value].value))) / most}%`);
    rect.setAttribute("height", "14");
    svg.append(rect);
    const label = node("span", { className: "bar-label", textContent: row[name]?.value ?? "" });
    return node("li", {}, label, svg, node("span", { className: "bar-value", textContent: Number(row[value].value).toLocaleString() }));
  }));
}

// Identifiers in a table → their labels beside them, asked for in one further question after the table stands.
const MOST = 150;
const SAFE = /^[^<>"{}|^`\\\s]+$/;
const known = new Map();

export async function label(place, { lang, labels }) {
  const links = [...place.querySelectorAll("[data-iri]")];
  const wanted = [...new Set(links.map((link) => link.dataset.iri))].filter((iri) => SAFE.test(iri) && !known.has(iri));
  for (let start = 0; start < wanted.length; start += MOST) await fetchLabels(wanted.slice(start, start + MOST), lang, labels);
  for (const link of links) {
    const name = known.get(link.dataset.iri);
    if (!name || !link.isConnected || link.nextSibling) continue;
    link.after(" ", Object.assign(document.createElement("span"), { className: "beside", lang: name["xml:lang"], textContent: name.value }));
  }
}

async function fetchLabels(iris, lang, labels) {
  const query = labels.replace("UNDEF", iris.map((iri) => `<${iri}>`).join(" "));
  const headers = { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" };
  const answer = await fetch("/sparql", { method: "POST", headers, body: query });
  if (!answer.ok) return;
  for (const { thing, label: name } of (await answer.json()).results.bindings) {
    if (name["xml:lang"] === lang || !known.has(thing.value)) known.set(thing.value, name);
  }
}

// A query → the server and back; and the same question as a link, a command, or a program.
export async function ask(query, signal) {
  const started = performance.now();
  const accept = "application/sparql-results+json, text/turtle;q=0.9";
  const headers = { "Content-Type": "application/sparql-query", Accept: accept };
  const answer = await fetch("/sparql", { method: "POST", headers, body: query, signal });
  const body = await answer.text();
  if (!answer.ok) {
    let problem = null;
    try {
      problem = JSON.parse(body);
    } catch {
      problem = { detail: body.slice(0, 500) };
    }
    throw Object.assign(new Error("refused"), { problem });
  }
  return { body, type: answer.headers.get("content-type") ?? "", ms: Math.round(performance.now() - started), query };
}

export async function csv(query) {
  const answer = await fetch("/sparql", { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: "text/csv" }, body: query });
  const mark = "\ufeff"; // by which Excel knows UTF-8
  const href = URL.createObjectURL(new Blob([mark, await answer.text()], { type: "text/csv" }));
  Object.assign(document.createElement("a"), { href, download: "answer.csv" }).click();
  URL.revokeObjectURL(href);
}

export async function clip(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

export const link = (query) => `${location.pathname}${location.search}#query=${encodeURIComponent(query)}`;

export const curl = (query) =>
  `curl -H 'Accept: text/csv' --data-urlencode 'query=${query.replaceAll("'", String.raw`'\''`)}' ${location.origin}/sparql`;

export const python = (query) => `import csv
import urllib.parse
import urllib.request

QUERY = ${JSON.stringify(query)}
request = urllib.request.Request(
    "${location.origin}/sparql", urllib.parse.urlencode({"query": QUERY}).encode(), {"Accept": "text/csv"}
)
with urllib.request.urlopen(request) as answer:
    for row in csv.DictReader(answer.read().decode("utf-8").splitlines()):
        print(row)
`;

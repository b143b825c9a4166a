// A query → prefixes that are missing, terms that this ontology does not have, and the place and cause of what the server refused.
import { linter, setDiagnostics } from "@codemirror/lint";

const bare = (query) => query.replace(/#.*$/gm, (part) => " ".repeat(part.length)).replace(/"(?:[^"\\]|\\.)*"|<[^>\s]*>/g, (part) => " ".repeat(part.length));

let refused = { text: "", marks: [] }; // what the server last said of a text; it holds until the text changes

export function withPrefixes(query, prefixes) {
  const declared = new Set([...query.matchAll(/PREFIX\s+([\w-]*):/gi)].map((match) => match[1]));
  const wanted = new Set([...bare(query).matchAll(/(?<![\w:-])([A-Za-z][\w-]*):(?!\/\/)/g)].map((match) => match[1]));
  const missing = [...wanted].filter((name) => !declared.has(name) && prefixes[name]).sort();
  return missing.map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("") + query;
}

export function checks({ terms, words }) {
  const known = new Set(terms.map(({ curie }) => curie));
  const near = (name) => [...known].map((curie) => [distance(curie, name), curie]).sort((a, b) => a[0] - b[0])[0];
  return linter((view) => {
    const query = view.state.doc.toString();
    const unknown = [...bare(query).matchAll(/(?<![\w:-])shisaku:[A-Za-z]\w*/g)].filter(([name]) => !known.has(name));
    const warnings = unknown.map((match) => {
      const [far, other] = near(match[0]);
      const message = far <= 3 ? words.unknown_term_near.replace("#", match[0]).replace("@", other) : words.unknown_term.replace("#", match[0]);
      return { from: match.index, to: match.index + match[0].length, severity: "warning", message };
    });
    return [...warnings, ...(refused.text === query ? refused.marks : [])];
  }, { delay: 400 });
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let i = 1; i <= a.length; i++) {
    let corner = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const kept = row[j];
      row[j] = Math.min(row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] !== b[j - 1]));
      corner = kept;
    }
  }
  return row[b.length];
}

// The server's problem → a box for people, and a mark at its line.
export function explain(view, problem, { lang, words }) {
  const said = (key) => problem?.[lang === "ja" ? `${key}_ja` : key] ?? "";
  const { line = 0, column = 1 } = problem ?? {};
  const box = document.createElement("div");
  box.className = "fault";
  box.setAttribute("role", "alert");
  for (const piece of [said("title") || words.error, said("detail") || words.no_answer, said("remedy")]) {
    if (piece) box.append(Object.assign(document.createElement("p"), { textContent: piece }));
  }
  if (line >= 1 && line <= view.state.doc.lines) {
    const at = view.state.doc.line(line);
    const from = Math.min(at.from + Math.max(0, column - 1), at.to);
    const to = Math.min(Math.max(from + 1, from + (/^\S+/.exec(at.text.slice(from - at.from))?.[0].length ?? 1)), view.state.doc.length);
    mark(view, [{ from: Math.min(from, to), to, severity: "error", message: [said("detail"), said("remedy")].join(" ") }]);
    view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  }
  return box;
}

export function mark(view, marks) {
  refused = { text: view.state.doc.toString(), marks };
  view.dispatch(setDiagnostics(view.state, marks));
}

// What stands before the cursor → words of the language, prefixes, variables, and the terms of this ontology with their labels.
import { autocompletion } from "@codemirror/autocomplete";

const KEYWORDS =
  "SELECT DISTINCT WHERE FILTER OPTIONAL UNION GRAPH BIND VALUES GROUP BY ORDER HAVING LIMIT OFFSET ASK CONSTRUCT DESCRIBE PREFIX COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT CONTAINS STRSTARTS REGEX LANG STR IF COALESCE EXISTS NOT MINUS".split(" ");

export function completions(facts) {
  const terms = facts.terms.map(({ curie, label, about, kind }) => ({ label: curie, detail: label, info: about, type: kind }));
  const byLabel = facts.terms.map(({ curie, label }) => ({ label, apply: curie, detail: curie, type: "text" }));
  const words = KEYWORDS.map((label) => ({ label, type: "keyword" }));
  const prefixes = Object.entries(facts.prefixes).map(([name, iri]) => ({ label: `${name}:`, detail: iri, type: "namespace" }));

  function source(context) {
    const before = context.matchBefore(/[?$]?[\p{L}\p{N}_:-]+/u);
    if (!before && !context.explicit) return null;
    const from = before?.from ?? context.pos;
    if (/^[?$]/.test(before?.text ?? "")) {
      const seen = new Set(context.state.doc.toString().match(/[?$]\w+/g));
      seen.delete(before.text);
      return { from, options: [...seen].map((label) => ({ label, type: "variable" })) };
    }
    return { from, options: [...terms, ...byLabel, ...prefixes, ...words], validFor: /^[\p{L}\p{N}_:-]*$/u };
  }
  return autocompletion({ override: [source], maxRenderedOptions: 60 });
}

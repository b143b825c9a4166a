// What stands before the cursor → words of the language, prefixes, variables, terms of this ontology by name or label, and things of the data by label.
import { autocompletion } from "@codemirror/autocomplete";

const KEYWORDS =
  "SELECT DISTINCT WHERE FILTER OPTIONAL UNION GRAPH BIND VALUES GROUP BY ORDER HAVING LIMIT OFFSET ASK CONSTRUCT DESCRIBE PREFIX COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT CONTAINS STRSTARTS REGEX LANG STR IF COALESCE EXISTS NOT MINUS".split(" ");
const inString = (before) => (before.replace(/\\./g, "").match(/"/g)?.length ?? 0) % 2 === 1;

export function completions(facts) {
  const terms = facts.terms.map(({ curie, label, about, kind }) => ({ label: curie, detail: label, info: about, type: kind, boost: 2 }));
  const byLabel = facts.terms.map(({ curie, label, about }) => ({ label, apply: curie, detail: curie, info: about, type: "text" }));
  const words = KEYWORDS.map((label) => ({ label, type: "keyword" }));
  const prefixes = Object.entries(facts.prefixes).map(([name, iri]) => ({ label: `${name}:`, detail: iri, type: "namespace" }));

  function own(context) {
    const before = context.matchBefore(/[?$]?[\p{L}\p{N}_:-]+/u);
    if (!before && !context.explicit) return null;
    const from = before?.from ?? context.pos;
    if (inString(context.state.doc.lineAt(context.pos).text.slice(0, from - context.state.doc.lineAt(context.pos).from))) return null;
    if (/^[?$]/.test(before?.text ?? "")) {
      const seen = new Set(context.state.doc.toString().match(/[?$]\w+/g));
      seen.delete(before.text);
      return { from, options: [...seen].map((label) => ({ label, type: "variable" })) };
    }
    return { from, options: [...terms, ...byLabel, ...prefixes, ...words], validFor: /^[\p{L}\p{N}_:-]*$/u };
  }

  // Things by their Japanese names: the identifier is put in, the name beside it.
  async function things(context) {
    const before = context.matchBefore(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{2,}/u);
    if (!before) return null;
    const answer = await fetch(`/search/suggest?${new URLSearchParams({ q: before.text, lang: facts.lang })}`);
    if (!answer.ok) return null;
    const hits = await answer.json();
    const quoted = inString(context.state.doc.lineAt(before.from).text.slice(0, before.from - context.state.doc.lineAt(before.from).from));
    const options = hits.map((hit) => ({ label: hit.label_ja, apply: quoted ? hit.label_ja : `<${hit.thing}>`, detail: hit.kind_name, type: "constant" }));
    return { from: before.from, options, filter: false };
  }
  return autocompletion({ override: [own, things], maxRenderedOptions: 60 });
}

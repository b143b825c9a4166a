// The SPARQL editor: text → highlighted, completed from this ontology, sent, and the answer as a table, as it came, or as bars.
import { EditorView, basicSetup } from "codemirror";
import { EditorState } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { setDiagnostics } from "@codemirror/lint";
import { sparql } from "codemirror-lang-sparql";
import { completions } from "./complete.js";
import { show } from "./results.js";
import { Tabs } from "./tabs.js";
import { ask, clip, curl, link, python } from "./sending.js";

const root = document.querySelector("#editor");
const facts = await (await fetch(root.dataset.facts)).json();
const { words } = facts;
const $ = (name) => root.querySelector(`[data-part="${name}"]`);
const host = $("text").attachShadow({ mode: "open" }); // styles of the editor go into the shadow, where the policy allows them

const style = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.literal], color: "var(--string)" },
  { tag: tags.comment, color: "var(--muted)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--variable)" },
  { tag: [tags.number, tags.bool], color: "var(--string)" },
]);
const theme = EditorView.theme({
  "&": { border: "1px solid var(--line)", backgroundColor: "var(--field)", color: "var(--text)", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)" },
  ".cm-scroller": { fontFamily: "ui-monospace, Menlo, Consolas, monospace", minHeight: "14rem", maxHeight: "60vh" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--muted)", border: "none" },
  ".cm-content": { caretColor: "var(--text)" }, ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "var(--chosen) !important" },
  ".cm-tooltip": { backgroundColor: "var(--ground)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "1" },
});
const view = new EditorView({ parent: host, root: host, state: fresh("") });
const tabs = new Tabs($("tabs"), words, (text) => view.setState(fresh(text)));
let running = null;

function fresh(doc) {
  return EditorState.create({
    doc,
    extensions: [
      basicSetup, sparql(), completions(facts), theme, syntaxHighlighting(style), EditorView.lineWrapping,
      EditorState.phrases.of(facts.phrases),
      EditorView.contentAttributes.of({ "aria-label": words.query }),
      keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }]),
      EditorView.updateListener.of((update) => update.docChanged && tabs.keep(update.state.doc.toString())),
    ],
  });
}

const text = () => view.state.doc.toString();
const replace = (doc) => (view.setState(fresh(doc)), tabs.keep(doc));

function withPrefixes(query) {
  const bare = query.replace(/#.*$/gm, "").replace(/"(?:[^"\\]|\\.)*"|<[^>\s]*>/g, "");
  const declared = new Set([...query.matchAll(/PREFIX\s+([\w-]*):/gi)].map((match) => match[1]));
  const wanted = new Set([...bare.matchAll(/(?<![\w:-])([A-Za-z][\w-]*):(?!\/\/)/g)].map((match) => match[1]));
  const missing = [...wanted].filter((name) => !declared.has(name) && facts.prefixes[name]).sort();
  return missing.map((name) => `PREFIX ${name}: <${facts.prefixes[name]}>\n`).join("") + query;
}

async function run() {
  running?.abort();
  const own = (running = new AbortController());
  const query = withPrefixes(text());
  if (query !== text()) replace(query);
  view.dispatch(setDiagnostics(view.state, []));
  tabs.remember(query);
  working(true);
  try {
    show($("result"), await ask(query, own.signal), facts);
  } catch (fault) {
    if (fault.name === "AbortError") $("status").textContent = words.stopped;
    else explain(fault);
  } finally {
    if (running === own) working(false);
  }
}

function working(on) {
  $("run").disabled = on;
  $("stop").disabled = !on;
  if (on) ($("status").textContent = words.running), $("result").replaceChildren();
  else if ($("status").textContent === words.running) $("status").textContent = "";
}

function explain({ problem }) {
  const said = (key) => problem?.[facts.lang === "ja" ? `${key}_ja` : key] ?? problem?.[key] ?? "";
  const line = Number(problem?.line ?? /(\d+):\d+/.exec(problem?.detail ?? "")?.[1] ?? 0);
  const box = document.createElement("div");
  box.className = "fault";
  box.setAttribute("role", "alert");
  for (const piece of [said("title") || words.error, (line ? words.line.replace("#", line) : "") + said("detail"), said("remedy")]) {
    if (piece) box.append(Object.assign(document.createElement("p"), { textContent: piece }));
  }
  $("result").replaceChildren(box);
  $("status").textContent = words.error;
  if (line >= 1 && line <= view.state.doc.lines) {
    const { from, to } = view.state.doc.line(line);
    view.dispatch(setDiagnostics(view.state, [{ from, to, severity: "error", message: said("detail") }]));
    view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  }
}

async function copy(made) {
  await clip(made);
  $("status").textContent = words.copied;
}

$("run").addEventListener("click", run);
$("stop").addEventListener("click", () => running?.abort());
$("prefixes").addEventListener("click", () => replace(withPrefixes(text())));
$("share").addEventListener("click", () => (history.replaceState(null, "", link(text())), copy(location.href)));
$("curl").addEventListener("click", () => copy(curl(text())));
$("python").addEventListener("click", () => copy(python(text())));
$("examples").addEventListener("change", ({ target }) => {
  const example = facts.examples.find(({ name }) => name === target.value);
  if (example) replace(example.text);
});
$("history").addEventListener("change", ({ target }) => target.value && replace(tabs.past[Number(target.value) - 1]));

root.hidden = false;
document.querySelector("#plain").hidden = true;
const given = new URLSearchParams(location.hash.slice(1)).get("query");
tabs.open(given ?? facts.first);
tabs.listPast($("history"));

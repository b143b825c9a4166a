// The SPARQL editor: text → highlighted, completed from this ontology, sent, and the answer as a table, as it came, or as bars.
import { EditorView, basicSetup } from "codemirror";
import { EditorState, Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { checks, explain, mark, withPrefixes } from "./checks.js";
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
  "&": { height: "100%", border: "1px solid var(--line)", backgroundColor: "var(--field)", color: "var(--text)", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "-3px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, Menlo, Consolas, monospace, "Noto Sans JP Variable"', overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--muted)", border: "none" },
  ".cm-content": { caretColor: "var(--text)" }, ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "var(--chosen) !important" },
  ".cm-tooltip": { backgroundColor: "var(--ground)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "1" }, ".cm-diagnostic-error": { borderLeftColor: "var(--fault)" },
});
const view = new EditorView({ parent: host, root: host, state: fresh("") });
const tabs = new Tabs($("tabs"), $("history"), words, (text) => view.setState(fresh(text)));
let running = null;

function fresh(doc) {
  return EditorState.create({
    doc,
    extensions: [
      basicSetup, sparql(), completions(facts), checks(facts), theme, syntaxHighlighting(style), EditorView.lineWrapping,
      EditorState.phrases.of(facts.phrases),
      EditorView.contentAttributes.of({ "aria-label": words.query, tabindex: "0" }),
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
      EditorView.updateListener.of((update) => update.docChanged && tabs.keep(update.state.doc.toString())),
    ],
  });
}

const text = () => view.state.doc.toString();
const say = (what) => ($("status").textContent = what);
const replace = (doc) => (view.setState(fresh(doc)), tabs.keep(doc));
const complete = () => withPrefixes(text(), facts.prefixes);

async function run() {
  running?.abort();
  const own = (running = new AbortController());
  const query = complete();
  if (query !== text()) replace(query);
  mark(view, []);
  tabs.remember(query);
  working(true);
  try {
    const answer = await ask(query, own.signal);
    if (running === own) show($("result"), answer, facts, say);
  } catch (fault) {
    if (running !== own) return;
    if (fault.name === "AbortError") say(words.stopped);
    else $("result").replaceChildren(explain(view, fault.problem, facts)), say(words.error);
  } finally {
    if (running === own) working(false);
  }
}

function working(on) {
  $("run").disabled = on;
  $("stop").disabled = !on;
  $("result").setAttribute("aria-busy", String(on));
  if (on) say(words.running), $("result").replaceChildren();
}

async function copy(made) {
  await clip(made);
  say(words.copied);
}

$("run").addEventListener("click", run);
$("stop").addEventListener("click", () => running?.abort());
$("prefixes").addEventListener("click", () => replace(complete()));
$("share").addEventListener("click", () => (history.replaceState(null, "", link(text())), copy(location.href)));
$("curl").addEventListener("click", () => copy(curl(complete())));
$("python").addEventListener("click", () => copy(python(complete())));
$("examples").addEventListener("change", ({ target }) => {
  const example = facts.examples.find(({ name }) => name === target.value);
  if (example) tabs.open(example.text);
});
$("history").addEventListener("change", ({ target }) => target.value && tabs.open(tabs.past[Number(target.value) - 1]));
addEventListener("hashchange", fromAddress);

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("query");
  if (given) tabs.open(given);
  return Boolean(given);
}

if (!fromAddress()) tabs.resume(facts.first);
root.dataset.ready = "";

// An answer → a table with labels beside identifiers, the answer as it came, or bars of a column of numbers.
import { label } from "./labels.js";
import { csv } from "./sending.js";

const MOST_ROWS = 500;
const MOST_BARS = 40;
const MOST_RAW = 2_000_000;
const SVG = "http://www.w3.org/2000/svg";
export const node = (name, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};
const isNumber = (term) => /#(integer|decimal|double|float)$/.test(term?.datatype ?? "");

export function show(place, answer, facts, say) {
  const { words } = facts;
  const raw = () => node("pre", { tabIndex: 0, textContent: answer.body.slice(0, MOST_RAW) });
  const graph = !answer.type.includes("json") || answer.type.includes("ld+json");
  const found = graph ? null : JSON.parse(answer.body);
  if (graph || "boolean" in found) {
    say(`${answer.ms} ms`);
    return place.replaceChildren(graph ? raw() : node("p", { className: "truth", textContent: found.boolean ? words.yes : words.no }));
  }
  const { head: { vars }, results: { bindings } } = found;
  say(words.rows.replace("#", bindings.length.toLocaleString()).replace("@", answer.ms));
  const body = node("div");
  const views = { table: () => table(vars, bindings, facts), raw, chart: () => chart(vars, bindings, facts) };
  const buttons = Object.keys(views).map((name) => {
    const button = node("button", { type: "button", textContent: words[name] });
    button.addEventListener("click", () => pick(name));
    button.dataset.view = name;
    return button;
  });
  const save = node("button", { type: "button", textContent: words.download });
  save.addEventListener("click", () => csv(answer.query));
  const pick = (name) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    body.replaceChildren(views[name]());
  };
  place.replaceChildren(node("div", { className: "views" }, ...buttons, save), body);
  pick("table");
}

function table(vars, bindings, facts) {
  const { words } = facts;
  let rows = bindings;
  let most = MOST_ROWS;
  const lines = node("tbody");
  const note = node("p", { className: "note" });
  const more = node("button", { type: "button", className: "quiet", textContent: words.more });
  const fill = () => {
    lines.replaceChildren(...rows.slice(0, most).map((row) => node("tr", {}, ...vars.map((name) => cell(row[name], facts)))));
    note.textContent = rows.length > most ? words.first.replace("#", most.toLocaleString()) : "";
    more.hidden = rows.length <= most;
    label(lines, facts);
  };
  const heads = vars.map((name) => {
    const button = node("button", { type: "button", className: "sort", textContent: name });
    const head = node("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      rows = [...bindings].sort((a, b) => (up ? 1 : -1) * compare(a[name], b[name]));
      fill();
    });
    return head;
  });
  more.addEventListener("click", () => ((most += MOST_ROWS), fill()));
  const region = node("div", { className: "scroll", tabIndex: 0 }, node("table", {}, node("thead", {}, node("tr", {}, ...heads)), lines));
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", words.result);
  fill();
  return node("div", {}, note, region, more);
}

function compare(a, b) {
  if (!a || !b) return a ? -1 : b ? 1 : 0;
  return isNumber(a) && isNumber(b) ? Number(a.value) - Number(b.value) : a.value.localeCompare(b.value, "ja");
}

function cell(term, { base, prefixes }) {
  const made = node("td", { className: isNumber(term) ? "number" : (term?.value.length ?? 0) > 24 ? "long" : "" });
  if (!term) return made;
  if (term.type !== "uri") {
    const text = isNumber(term) && Math.abs(Number(term.value)) >= 10_000 ? Number(term.value).toLocaleString() : term.value;
    made.append(node("span", { textContent: text, lang: term["xml:lang"] ?? (/[\u3040-\u9fff]/.test(term.value) ? "ja" : "") }));
    return made;
  }
  const [name, iri] = Object.entries(prefixes).find(([, iri]) => term.value.startsWith(iri) && term.value.length > iri.length) ?? [];
  const ours = term.value.startsWith(`${base}id/`);
  const short = ours ? term.value.slice(base.length + 3) : name ? `${name}:${term.value.slice(iri.length)}` : term.value;
  const href = ours ? `/page/${term.value.slice(base.length + 3)}` : /^https?:/.test(term.value) ? term.value : "";
  const link = node(href ? "a" : "span", { textContent: short, lang: "en", title: term.value });
  if (href) link.href = href;
  if (ours) link.dataset.iri = term.value;
  made.append(link);
  return made;
}

function chart(vars, bindings, { words }) {
  const numbers = vars.filter((name) => bindings.some((row) => isNumber(row[name])));
  const names = vars.filter((name) => !numbers.includes(name));
  if (!numbers.length || vars.length < 2) return node("p", { textContent: words.no_number });
  const choose = (title, options, chosen) => {
    const select = node("select", {}, ...options.map((name) => new Option(name, name, false, name === chosen)));
    return [node("label", { className: "field" }, node("span", { textContent: title }), select), select];
  };
  const textual = names.filter((name) => bindings.some((row) => row[name] && row[name].type !== "uri"));
  const [labelField, labels] = choose(words.chart_label, vars, textual[0] ?? names[0] ?? vars[0]);
  const [valueField, values] = choose(words.chart_value, numbers, numbers.at(-1));
  const place = node("ol", { className: "bars" });
  const draw = () => place.replaceChildren(...bars(bindings, labels.value, values.value));
  for (const select of [labels, values]) select.addEventListener("change", draw);
  draw();
  return node("div", {}, node("div", { className: "ask slim" }, labelField, valueField), place);
}

function bars(bindings, name, value) {
  const rows = bindings.filter((row) => isNumber(row[value])).slice(0, MOST_BARS);
  const most = Math.max(...rows.map((row) => Math.abs(Number(row[value].value)))) || 1;
  return rows.map((row) => {
    const amount = Number(row[value].value);
    const svg = document.createElementNS(SVG, "svg");
    const rect = document.createElementNS(SVG, "rect");
    for (const [key, text] of [["class", amount < 0 ? "bar over" : "bar"], ["width", "100%"], ["height", "14"], ["aria-hidden", "true"]]) svg.setAttribute(key, text);
    rect.setAttribute("width", `${(100 * Math.abs(amount)) / most}%`);
    rect.setAttribute("height", "14");
    svg.append(rect);
    const text = row[name]?.value ?? "";
    const title = node("span", { className: "bar-label", textContent: text, lang: row[name]?.["xml:lang"] ?? (/[\u3040-\u9fff]/.test(text) ? "ja" : "") });
    return node("li", {}, title, svg, node("span", { className: "bar-value", textContent: amount.toLocaleString() }));
  });
}

// Texts in tabs and a history of what was run, kept in this browser only.
const KEY = "shisaku.sparql";
const MOST_TEXTS = 20;
const MOST_PAST = 30;

export class Tabs {
  constructor(bar, select, words, show) {
    Object.assign(this, { bar, select, words, show, texts: [], past: [], at: 0 });
    try {
      const { texts, past, at } = JSON.parse(localStorage.getItem(KEY)) ?? {};
      const strings = (list) => (Array.isArray(list) ? list.filter((text) => typeof text === "string") : []);
      Object.assign(this, { texts: strings(texts), past: strings(past), at: Number(at) || 0 });
    } catch {
      // storage is full, off, or not ours: start empty
    }
    this.list();
  }

  // Where the last visit ended; the first text for a first visit.
  resume(first) {
    if (this.texts.length) this.turn(this.at);
    else this.open(first);
  }

  open(text) {
    const place = this.texts.indexOf(text);
    if (place < 0) this.texts = [...this.texts.filter(Boolean), text].slice(-MOST_TEXTS);
    this.turn(place < 0 ? this.texts.length - 1 : place);
  }

  turn(place) {
    this.at = Math.min(Math.max(0, place), this.texts.length - 1);
    this.show(this.texts[this.at]);
    this.draw();
    this.save();
  }

  keep(text) {
    this.texts[this.at] = text;
    this.save();
  }

  remember(query) {
    this.past = [query, ...this.past.filter((old) => old !== query)].slice(0, MOST_PAST);
    this.save();
    this.list();
  }

  list() {
    this.select.length = 1;
    this.past.forEach((query, place) => this.select.add(new Option(gist(query), place + 1)));
  }

  draw() {
    const button = (text, act, note) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, title: note ?? "" });
      made.addEventListener("click", act);
      return made;
    };
    const buttons = this.texts.map((text, place) => button(this.words.tab.replace("#", place + 1), () => this.turn(place), gist(text)));
    buttons[this.at]?.setAttribute("aria-current", "true");
    const more = button(`+ ${this.words.tab_new}`, () => (this.texts.push(""), this.turn(this.texts.length - 1)));
    const close = button(`× ${this.words.tab_close}`, () => (this.texts.splice(this.at, 1), this.turn(this.at - 1)));
    close.disabled = this.texts.length < 2;
    this.bar.replaceChildren(...buttons, more, close);
  }

  save() {
    const { texts, past, at } = this;
    try {
      localStorage.setItem(KEY, JSON.stringify({ texts, past, at }));
    } catch {
      // nothing is lost but the memory of it
    }
  }
}

const gist = (query) => (query.split("\n").find((part) => /SELECT|ASK|CONSTRUCT|DESCRIBE/i.test(part)) ?? query).trim().slice(0, 70);

// Texts in tabs and a history of what was run, kept in this browser only.
const KEY = "shisaku.sparql";
const MOST_PAST = 30;

export class Tabs {
  constructor(bar, words, open) {
    Object.assign(this, { bar, words, show: open, texts: [], past: [], at: 0 });
    try {
      const { texts, past, at } = JSON.parse(localStorage.getItem(KEY)) ?? {};
      Object.assign(this, { texts: texts ?? [], past: past ?? [], at: at ?? 0 });
    } catch {
      // storage is full, off, or not ours: start empty
    }
  }

  open(text) {
    const place = this.texts.indexOf(text);
    if (place < 0) this.texts.push(text);
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
    this.listPast(document.querySelector('[data-part="history"]'));
  }

  listPast(select) {
    select.length = 1;
    this.past.forEach((query, place) => {
      const line = query.split("\n").find((part) => /SELECT|ASK|CONSTRUCT|DESCRIBE/i.test(part)) ?? query;
      select.add(new Option(line.trim().slice(0, 70), place + 1));
    });
  }

  draw() {
    const buttons = this.texts.map((_, place) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: this.words.tab.replace("#", place + 1) });
      if (place === this.at) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => this.turn(place));
      return button;
    });
    const more = Object.assign(document.createElement("button"), { type: "button", textContent: `＋ ${this.words.tabNew}` });
    more.addEventListener("click", () => (this.texts.push(""), this.turn(this.texts.length - 1)));
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: `× ${this.words.tabClose}` });
    close.disabled = this.texts.length < 2;
    close.addEventListener("click", () => (this.texts.splice(this.at, 1), this.turn(this.at - 1)));
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

// What scripts add to pages that work without them: suggestions under the search boxes.
for (const input of document.querySelectorAll("input[data-suggest]")) suggestions(input);

function suggestions(input) {
  const { suggest: name, count, lang } = input.dataset;
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-list`, className: "suggestions", hidden: true });
  const said = Object.assign(document.createElement("span"), { className: "hidden" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", name);
  said.setAttribute("role", "status");
  input.parentElement.append(list, said);
  for (const [key, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) input.setAttribute(key, value);
  let asked = null;
  let chosen = -1;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (next) => {
    const options = [...list.children];
    if (!options.length) return;
    chosen = (next + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };

  const go = (option) => location.assign(option.dataset.path + (new URLSearchParams(location.search).has("lang") ? `?lang=${lang}` : ""));

  input.addEventListener("input", async () => {
    asked?.abort();
    const own = (asked = new AbortController());
    const text = input.value.trim();
    if (!text) return close();
    try {
      const answer = await fetch(`/search/suggest?${new URLSearchParams({ q: text, lang })}`, { signal: own.signal });
      if (!answer.ok) return close();
      const hits = await answer.json();
      list.replaceChildren(...hits.map((hit, place) => {
        const shown = (lang === "en" && hit.label_en) || hit.label_ja;
        const option = Object.assign(document.createElement("li"), { id: `${list.id}-${place}` });
        const text = Object.assign(document.createElement("span"), { textContent: shown, lang: shown === hit.label_en ? "en" : "ja" });
        option.append(text, Object.assign(document.createElement("small"), { textContent: hit.kind_name }));
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.path = hit.path;
        option.addEventListener("mousedown", (event) => (event.preventDefault(), go(option)));
        return option;
      }));
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = !hits.length;
      input.setAttribute("aria-expanded", String(hits.length > 0));
      said.textContent = count.replace("#", hits.length);
    } catch (fault) {
      if (fault.name !== "AbortError") close();
    }
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the input method
    if (event.key === "ArrowDown" && !list.hidden) event.preventDefault(), mark(chosen + 1);
    else if (event.key === "ArrowUp" && !list.hidden) event.preventDefault(), mark(chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) event.preventDefault(), go(list.children[chosen]);
  });
  input.addEventListener("blur", close);
}

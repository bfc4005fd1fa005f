// Elements. Whatever was said or typed goes in as a text node, never as markup.

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (attribute.startsWith("on")) element.addEventListener(attribute.slice(2), value);
    else element.setAttribute(attribute, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== ""));
}

/**
 * Keep a notebook's own keys from acting in an element ("d d" deletes the cell). JupyterLab and Notebook 7 look for what a key does
 * from the focused element upwards, until one is marked so; the focused one itself must be, lest the search finds something there.
 */
export function keepKeys(element) {
  element.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  return element;
}

/** What a coding page calls its own elements, so that two pages in one notebook do not share an id. */
export function idMaker() {
  const begin = `eng${Math.random().toString(36).slice(2, 8)}`;
  return (name) => `${begin}-${name}`;
}

export function newId() {
  // Only pages from a safe address have randomUUID, and a notebook's server in an office may be a plain one.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function formatTime(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

export function plural(many, one, several = `${one}s`) {
  return `${many} ${many === 1 ? one : several}`;
}

export function shorten(words, most = 60) {
  const signs = [...words.replace(/\s+/g, " ")];
  return signs.length > most ? `${signs.slice(0, most - 1).join("")}…` : signs.join("");
}

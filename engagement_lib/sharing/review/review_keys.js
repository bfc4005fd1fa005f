// Keys of the review: what each does in the list. The same list makes the key map that the page shows.

export const REVIEW_KEYS = [
  ["↓ or ↑", "Next entry, or the one before"],
  ["Page Down or Page Up", "Ten entries on or back"],
  ["Home or End", "First or last entry"],
  [".", "Next entry that is not decided"],
  [",", "Entry before that is not decided"],
  ["I or Enter", "It is an identifier of the kind chosen"],
  ["N", "It is not an identifier"],
  ["K", "Choose another kind; Escape comes back"],
  ["S", "Say who else it is the same as; Enter saves, Escape comes back"],
  ["E", "The next decision is for this place alone, or everywhere in the study"],
  ["!", "Sign this source off"],
  [">", "Next source that is not signed off"],
  ["<", "Source before"],
  ["Ctrl + Z", "Undo"],
  ["Ctrl + Y or Ctrl + Shift + Z", "Redo"],
  ["Tab", "On to the decision and the buttons"],
  ["?", "This list"],
];

const LIST_ACTS = {
  ArrowDown: ["move", 1],
  ArrowUp: ["move", -1],
  PageDown: ["move", 10],
  PageUp: ["move", -10],
  Home: ["move", -Infinity],
  End: ["move", Infinity],
  ".": ["undecided", 1],
  ",": ["undecided", -1],
  i: ["identifier"],
  Enter: ["identifier"],
  n: ["none"],
  k: ["toKind"],
  s: ["toSame"],
  e: ["everywhere"],
  "!": ["sign"],
  ">": ["source", 1],
  "<": ["source", -1],
  "?": ["help"],
};

/** What a key in the list means: the name of an act with what it needs, null where the key is not the page's. */
export function readListKey(event) {
  if (event.isComposing || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return [event.shiftKey ? "redo" : "undo"];
    return key === "y" ? ["redo"] : null;
  }
  return LIST_ACTS[key] ?? null;
}

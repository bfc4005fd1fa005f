// Keys: what each does in the transcript. The same list makes the key map that the page shows.

export const KEYS = [
  {
    heading: "Move",
    keys: [
      ["↓ or ↑", "Next sentence, or the one before"],
      ["→ or ←", "Next word, or the one before"],
      ["Page Down or Page Up", "Next turn, or the one before"],
      ["Home or End", "First or last sentence of the source"],
      [".", "Next passage that is not coded"],
      [",", "Passage before that is not coded"],
      ["/", "Search in the text; Enter goes to the next place, Escape comes back"],
      [">", "Next source that is not finished"],
      ["<", "Source before"],
    ],
  },
  {
    heading: "Select",
    keys: [
      ["Shift + a key that moves", "Select more or less"],
      ["Space", "Take in more: word, sentence, turn, source"],
      ["Shift + Space", "Take in less"],
      ["Ctrl + A", "The whole source"],
      ["Escape", "Back to the one sentence"],
    ],
  },
  {
    heading: "Code",
    keys: [
      ["Any letter", "Find a code by its name or words of its definition"],
      ["Enter", "Open the list of codes; in it, give the code to the passage"],
      ["1 to 9", "Give one of the codes used last; each keeps its digit while the page is open"],
      ["0", "Hear which codes the digits give"],
      ["+", "The coding supports its code"],
      ["=", "It qualifies it"],
      ["-", "It contradicts it"],
      [";", "Write a memo"],
      ["Delete or Backspace", "Withdraw the coding"],
    ],
  },
  {
    heading: "Other",
    keys: [
      ["Ctrl + Z", "Undo"],
      ["Ctrl + Y or Ctrl + Shift + Z", "Redo"],
      ["!", "Finish this source"],
      ["Tab", "On to the codes, the codings of the passage, and the buttons"],
      [":", "Hear where you are and how far the source is coded"],
      ["?", "This list"],
    ],
  },
];

const MOVES = {
  ArrowDown: ["move", "sentence", 1],
  ArrowUp: ["move", "sentence", -1],
  ArrowRight: ["move", "word", 1],
  ArrowLeft: ["move", "word", -1],
  PageDown: ["move", "turn", 1],
  PageUp: ["move", "turn", -1],
  Home: ["toEnd", -1],
  End: ["toEnd", 1],
};
const ACTS = {
  Enter: ["find", ""],
  Escape: ["narrow"],
  Delete: ["withdraw"],
  Backspace: ["withdraw"],
  ".": ["uncoded", 1],
  ",": ["uncoded", -1],
  "/": ["search"],
  ">": ["source", 1],
  "<": ["source", -1],
  "+": ["stance", "supports"],
  "=": ["stance", "qualifies"],
  "-": ["stance", "contradicts"],
  ";": ["memo"],
  "!": ["finish"],
  0: ["digits"],
  ":": ["where"],
  "?": ["help"],
};

/** What a key in the transcript means: the name of an act with what it needs, null where the key is not the page's. */
export function readKey(event) {
  if (event.isComposing || event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return readChord(event);
  if (event.key in MOVES) return [...MOVES[event.key], event.shiftKey];
  if (event.key === " ") return ["resize", event.shiftKey ? -1 : 1];
  if (event.key in ACTS) return ACTS[event.key];
  if (/^[1-9]$/.test(event.key)) return ["recent", Number(event.key)];
  return /^\p{L}$/u.test(event.key) ? ["find", event.key] : null;
}

function readChord(event) {
  const key = event.key.toLowerCase();
  if (key === "z") return [event.shiftKey ? "redo" : "undo"];
  if (key === "y") return ["redo"];
  return key === "a" ? ["all"] : null;
}

// The transcript: a grid with a row for each turn, in it who speaks, the sentences, and which codes stand there. One sentence at a
// time can be reached with Tab; the page's keys move among them.
import { fill, formatTime, make, plural } from "./dom.js";
import { assignLanes, cutRuns, touches } from "./marks.js";

export class Transcript {
  constructor({ id, selected, keyed }) {
    this.id = id;
    this.selected = selected;
    this.codings = [];
    this.coders = [];
    this.description = make("p", { id: id("here"), hidden: true });
    this.grid = make("div", { role: "grid", class: "eng-grid", "aria-multiselectable": "true", onkeydown: keyed });
    this.grid.addEventListener("mousedown", () => (this.pressing = true));
    this.grid.addEventListener("mouseup", (event) => this.pointed(event));
    this.grid.addEventListener("focusin", (event) => this.reached(event));
    this.grid.addEventListener("copy", (event) => this.copied(event));
    this.element = make("div", { class: "eng-text" }, this.grid, this.description);
  }

  /** Show a source from its beginning. */
  show(text, selection, coders) {
    Object.assign(this, { text, selection, coders, drawn: null });
    this.grid.setAttribute("aria-label", `Transcript of ${text.id}, ${text.summary()}`);
    this.grid.setAttribute("aria-rowcount", String(text.turns.length));
    this.rows = text.turns.map((turn) => this.makeRow(turn));
    this.cells = this.rows.flatMap((row) => row.cells);
    fill(this.grid, ...this.rows.map((row) => row.element));
    this.element.scrollTop = 0;
  }

  makeRow(turn) {
    const time = turn.time === null ? "" : formatTime(turn.time);
    const speaker = turn.speaker || (this.text.kind === "survey" ? "Answer" : "Speaker");
    const head = make("div", { role: "rowheader", class: "eng-speaker" });
    head.append(
      make("span", { class: "eng-who" }, speaker),
      make("span", { class: "eng-role" }, turn.role === "unknown" ? "" : ` ${turn.role}`),
      make("span", { class: "eng-time" }, time && ` ${time}`),
    );
    const cells = this.text.sentences.slice(turn.first, turn.last + 1).map((sentence) =>
      make("span", {
        role: "gridcell",
        class: "eng-sentence",
        tabindex: "-1",
        dir: "auto",
        "data-sentence": sentence.number,
        "aria-selected": "false",
        "aria-describedby": this.id("here"),
      }),
    );
    const words = make("div", { role: "none", class: "eng-words", dir: "auto" });
    cells.forEach((cell, at) => words.append(at ? this.gap(turn.first + at) : "", cell));
    const margin = make("div", { role: "gridcell", class: "eng-margin" });
    const attributes = { role: "row", class: `eng-turn${turn.evidence ? "" : " eng-asking"}`, "aria-rowindex": turn.number + 1 };
    return { turn, cells, margin, element: make("div", attributes, head, words, margin), marks: [] };
  }

  /** What stands between a sentence and the one before it: white space, and a line's end where there is one. */
  gap(number) {
    return this.text.text.slice(this.text.sentences[number - 1].end, this.text.sentences[number].start) || " ";
  }

  /** Draw the codings anew in the turns where they changed. */
  draw(codings) {
    const old = this.codings;
    const [before, now] = [new Set(old), new Set(codings)];
    const changed = [...old.filter((one) => !now.has(one)), ...codings.filter((one) => !before.has(one))];
    this.codings = codings;
    const all = this.drawn !== this.text;
    this.drawn = this.text;
    for (const row of this.rows) {
      if (all || changed.some((coding) => touches(coding, row.turn))) this.drawRow(row);
    }
    if (all) this.shownRange = null;
    this.drawSelection();
  }

  drawRow(row) {
    row.marks = assignLanes(this.codings, row.turn);
    row.element.style.setProperty("--lanes", Math.min(4, Math.max(0, ...row.marks.map((mark) => mark.lane + 1))));
    row.cells.forEach((_, at) => this.drawSentence(row.turn.first + at));
    fill(row.margin, row.marks.length ? this.labels(row) : make("span", { class: "eng-unseen" }, "Not coded"));
  }

  labels(row) {
    const entries = row.marks.map((mark) => [mark, this.label(mark)]);
    if (!this.coders.length) return make("ul", { class: "eng-labels" }, ...entries.map(([, label]) => label));
    const columns = this.coders.map((coder) => {
      const own = entries.filter(([mark]) => mark.coding.coder === coder).map(([, label]) => label);
      const none = make("li", { class: "eng-none" }, "nothing");
      return make("div", {}, make("p", { class: "eng-coder" }, coder), make("ul", { class: "eng-labels" }, ...(own.length ? own : [none])));
    });
    return make("div", { class: "eng-columns" }, ...columns);
  }

  label({ coding, letter, line }) {
    const stance = coding.stance === "supports" ? "" : ` (${coding.stance})`;
    const state = coding.pending ? " – not saved yet" : "";
    return make(
      "li",
      { class: coding.pending ? "eng-pending" : null },
      make("span", { class: "eng-letter" }, letter),
      " ",
      make("span", { class: `eng-line eng-${line}`, "aria-hidden": "true" }),
      make("span", { class: "eng-code" }, coding.code),
      stance,
      coding.memo ? make("span", { class: "eng-has-memo" }, " – memo") : "",
      state,
    );
  }

  drawSentence(number) {
    const sentence = this.text.sentences[number];
    const row = this.rows[sentence.turn];
    const range = this.selection.range;
    const partly = touches(range, sentence) && (range.start > sentence.start || range.end < sentence.end);
    const runs = cutRuns(sentence, row.marks, partly ? range : null);
    fill(this.cells[number], ...runs.map((run) => this.drawRun(run)));
  }

  drawRun(run) {
    let inner = make("span", run.selected ? { class: "eng-part" } : {}, this.text.slice(run));
    for (const { coding, lane, letter, line } of [...run.marks].reverse()) {
      const attributes = { class: `eng-mark eng-${line}`, style: `--lane: ${lane % 4}` };
      if (coding.start === run.start) attributes["data-opens"] = `${letter}[`;
      if (coding.end === run.end) attributes["data-closes"] = `]${letter}`;
      inner = make("span", attributes, inner);
    }
    return inner;
  }

  drawSelection() {
    const range = this.selection.range;
    const here = this.selection.sentence.number;
    if (this.shownRange?.start === range.start && this.shownRange.end === range.end && this.here === here) return;
    this.shownRange = range;
    const first = this.text.sentenceAt(range.start).number;
    const last = this.text.lastSentence(range).number;
    const before = this.shown ?? [];
    const now = this.text.sentences.slice(first, last + 1).map((sentence) => sentence.number);
    const edges = new Set([before[0], before.at(-1), first, last].filter((number) => number < this.cells.length));
    for (const number of before) if (number < first || number > last) this.cells[number]?.setAttribute("aria-selected", "false");
    for (const number of now) this.cells[number].setAttribute("aria-selected", "true");
    for (const number of edges) {
      this.drawSentence(number);
      const sentence = this.text.sentences[number];
      const part = touches(range, sentence) && (range.start > sentence.start || range.end < sentence.end);
      this.cells[number].classList.toggle("eng-partly", part);
    }
    this.shown = now;
    if (this.here !== undefined && this.cells[this.here]) this.cells[this.here].tabIndex = -1;
    this.cells[here].tabIndex = 0;
    this.here = here;
  }

  /** Say in the hidden description what stands on the sentence that has the keyboard. */
  describe(words) {
    this.description.textContent = words;
  }

  focus() {
    const cell = this.cells[this.selection.sentence.number];
    if (document.activeElement !== cell) cell.focus({ preventScroll: true });
    this.reveal();
  }

  /** Scroll the text, and the page where it must, so that the selected words are seen. */
  reveal() {
    const cell = this.cells[this.selection.sentence.number];
    const target = cell.querySelector(".eng-part") ?? cell;
    const [frame, box] = [this.element.getBoundingClientRect(), target.getBoundingClientRect()];
    if (box.top < frame.top + 8) this.element.scrollTop -= frame.top + 40 - box.top;
    else if (box.bottom > frame.bottom - 24) this.element.scrollTop += Math.min(box.bottom - frame.bottom + 60, box.top - frame.top - 40);
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  get hasFocus() {
    return this.grid.contains(document.activeElement);
  }

  /** A sentence that a screen reader, or Tab, put the keyboard on is the one that is selected. */
  reached(event) {
    const number = Number(event.target.dataset?.sentence ?? -1);
    if (number >= 0 && number !== this.selection.sentence.number && !this.pressing) {
      this.selection.set(this.text.sentences[number], "sentence");
      this.selected();
    }
  }

  pointed(event) {
    this.pressing = false;
    const drawn = window.getSelection();
    const range = drawn.rangeCount && !event.shiftKey ? drawn.getRangeAt(0) : null;
    const cell = event.target.closest("[data-sentence]");
    if (range && !range.collapsed && this.grid.contains(range.commonAncestorContainer)) {
      const [start, end] = [this.position(range.startContainer, range.startOffset), this.position(range.endContainer, range.endOffset)];
      drawn.removeAllRanges();
      if (event.detail >= 3) this.selection.set(this.text.unitAt("turn", start), "turn");
      else this.selection.set(this.text.wholeWords(start, Math.max(start + 1, end)), "word");
    } else if (cell) {
      const sentence = this.text.sentences[Number(cell.dataset.sentence)];
      if (event.shiftKey) {
        drawn.removeAllRanges();
        this.selection.extendTo(sentence);
      } else this.selection.set(sentence, "sentence");
    } else return;
    this.selected();
    this.focus();
  }

  /** Where in the text a place of the document lies. */
  position(node, offset) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const cell = element.closest("[data-sentence]");
    if (!cell) return this.positionBeside(node, offset);
    const before = document.createRange();
    before.selectNodeContents(cell);
    before.setEnd(node, offset);
    return this.text.sentences[Number(cell.dataset.sentence)].start + before.toString().length;
  }

  /** A place outside all sentences: the beginning of the first that comes after it, or the text's end. */
  positionBeside(node, offset) {
    const place = document.createRange();
    place.setStart(node, offset);
    const number = this.cells.findIndex((cell) => place.comparePoint(cell, 0) >= 0);
    return number < 0 ? this.text.sentences.at(-1).end : this.text.sentences[number].start;
  }

  copied(event) {
    if (window.getSelection().isCollapsed) {
      event.clipboardData.setData("text/plain", this.text.slice(this.selection.range));
      event.preventDefault();
    }
  }
}

/** What is coded on a range, in words: "coded no time; jargon, qualifies". */
export function codedWords(codings, range) {
  const there = codings.filter((coding) => touches(coding, range));
  if (!there.length) return "not coded";
  const said = there.map((coding) => {
    const coder = coding.shownCoder ? `${coding.shownCoder} ` : "";
    return `${coder}${coding.code}${coding.stance === "supports" ? "" : `, ${coding.stance}`}`;
  });
  return `${there.length > 1 ? `${plural(there.length, "coding")}: ` : "coded "}${said.join("; ")}`;
}

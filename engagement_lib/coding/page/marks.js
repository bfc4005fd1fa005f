// Marks: how codings that meet or overlap are told apart without colour, by a letter, a bracket at either end, and an underline of
// its own kind and height.

export const LINES = ["solid", "dashed", "dotted", "double"];

export function touches(coding, range) {
  return coding.start < range.end && coding.end > range.start;
}

/** The codings that touch a stretch, each with its letter and its lane: the first that no earlier one still runs in. */
export function assignLanes(codings, stretch) {
  const there = codings.filter((coding) => touches(coding, stretch));
  there.sort((one, other) => one.start - other.start || other.end - one.end || (one.code < other.code ? -1 : 1));
  const ends = [];
  return there.map((coding, number) => {
    let lane = ends.findIndex((end) => end <= coding.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = coding.end;
    return { coding, lane, line: LINES[lane % LINES.length], letter: letterOf(number) };
  });
}

function letterOf(number) {
  const letter = String.fromCharCode(97 + (number % 26));
  return number < 26 ? letter : `${letter}${Math.floor(number / 26) + 1}`;
}

/** A stretch cut wherever a mark or the selection begins or ends: each piece with its marks, and whether it is selected. */
export function cutRuns(stretch, marks, selected) {
  const cuts = new Set([stretch.start, stretch.end]);
  for (const range of [...marks.map((mark) => mark.coding), ...(selected ? [selected] : [])]) {
    for (const at of [range.start, range.end]) if (at > stretch.start && at < stretch.end) cuts.add(at);
  }
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(0, -1).map((start, number) => {
    const run = { start, end: places[number + 1] };
    run.marks = marks.filter((mark) => touches(mark.coding, run)).sort((one, other) => one.lane - other.lane);
    run.selected = Boolean(selected) && touches(selected, run);
    return run;
  });
}

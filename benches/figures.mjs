// What the measurements share about numbers, and how they print them.

/** The rows of the table; `add` takes the cells of one. */
export class Table {
  rows = [];

  add(...cells) {
    this.rows.push(cells);
  }

  print() {
    console.log("| what | measured | aim |\n|---|---|---|");
    for (const cells of this.rows) console.log(`| ${cells.join(" | ")} |`);
  }
}

export function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * part) / 100))];
}

export function median(values) {
  return percentile(values, 50);
}

/** A whole number, as the tables write it. */
export function amount(count) {
  return count.toLocaleString("en");
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Waiting for things, and saying what did not come.

/** A promise that was not kept: the sentence is what the suite prints. */
export class Broken extends Error {}

export function must(condition, sentence) {
  if (!condition) throw new Broken(sentence);
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until there is an answer, and gives the answer and the milliseconds it took. */
export async function until(what, deadline, question) {
  const began = performance.now();
  for (;;) {
    const answer = await question();
    const ms = Math.round(performance.now() - began);
    if (answer && ms <= deadline) return { answer, ms };
    must(ms <= deadline, `${what}: not within ${seconds(deadline)}`);
    await pause(10);
  }
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

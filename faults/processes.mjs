// The programs that the suite starts. None of them outlives it.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

const running = new Set();

process.on("exit", () => {
  for (const program of running) kill(program.pid, "SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

/** Starts a program; `ended` is a promise that comes true with it. */
export function start(command, args, options) {
  const program = spawn(command, args, options);
  running.add(program);
  program.ended = new Promise((resolve) => {
    program.once("error", resolve);
    program.once("exit", resolve);
  }).then(() => running.delete(program));
  return program;
}

export function hasEnded(program) {
  return !running.has(program);
}

/** Sends a signal, if there is still somebody to hear it. */
export function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It was quicker.
  }
}

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

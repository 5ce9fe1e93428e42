// A small disk of its own for a database, which can be filled.

import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIZE = 64 << 20;

export class Disk {
  static mount(folder, owner = {}) {
    const disk = new Disk();
    disk.folder = folder;
    mkdirSync(folder);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", folder], { stdio: ["ignore", "ignore", "pipe"] });
    // One that stays mounted would keep the suite's folder from being removed.
    process.prependListener("exit", () => disk.unmount());
    disk.place = join(folder, "database");
    disk.ballast = join(folder, "ballast");
    mkdirSync(disk.place, { mode: 0o700 });
    if (owner.uid) chownSync(disk.place, owner.uid, owner.gid);
    return disk;
  }

  /** Leaves no byte free. */
  fill() {
    try {
      writeFileSync(this.ballast, Buffer.alloc(SIZE));
    } catch (failure) {
      if (failure.code !== "ENOSPC") throw failure;
    }
  }

  free() {
    rmSync(this.ballast);
  }

  unmount() {
    if (this.isGone) return;
    execFileSync("umount", [this.folder]);
    this.isGone = true;
  }
}

/** Why no disk can be mounted here, if none can. */
export function hindrance() {
  const folder = mkdtempSync(join(tmpdir(), "skateboard-disk-"));
  try {
    Disk.mount(join(folder, "disk")).unmount();
  } catch {
    return "only root may mount a small disk";
  } finally {
    rmSync(folder, { recursive: true });
  }
}

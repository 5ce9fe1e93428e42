// PgBouncer in front of Postgres, as docs/operating.md recommends it.

import { chownSync, existsSync, openSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { freePort, hasEnded, kill, start } from "./processes.mjs";
import { must, until } from "./waiting.mjs";

const PROGRAM = [...process.env.PATH.split(delimiter), "/usr/sbin"].map((folder) => join(folder, "pgbouncer")).find(existsSync);

export class Pgbouncer {
  static isHere = PROGRAM !== undefined;

  static async before(postgres, folder) {
    const pooler = new Pgbouncer();
    pooler.port = await freePort();
    const users = join(folder, `pgbouncer-${pooler.port}.txt`);
    const config = join(folder, `pgbouncer-${pooler.port}.ini`);
    writeFileSync(users, '"skateboard" ""\n');
    writeFileSync(config, `
[databases]
* = host=127.0.0.1 port=${postgres.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${pooler.port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
; A connection stays with its client, who prepares statements, listens and holds locks on it.
pool_mode = session
default_pool_size = 60
max_client_conn = 200
; The deadlines that each connection asks for. They stand on the role instead.
ignore_startup_parameters = options
`);
    const { owner } = postgres;
    for (const file of [users, config]) if (owner.uid) chownSync(file, owner.uid, owner.gid);
    const log = openSync(join(folder, "pgbouncer.log"), "a");
    pooler.program = start(PROGRAM, [config], { ...owner, cwd: "/", stdio: ["ignore", log, log] });
    await until("PgBouncer listens", 5_000, async () => {
      must(!hasEnded(pooler.program), "PgBouncer does not start");
      return postgres.answers(pooler.port);
    });
    return pooler;
  }

  close() {
    kill(this.program.pid, "SIGKILL");
  }
}

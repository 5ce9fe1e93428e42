//! The operations: whom each lets in, and a sample of what is sent.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    people::access::Permission::{self, Govern, Read, Write},
    testing::{Answer, Ask, Program, World},
};

/// One verb of one path.
pub(super) struct Operation {
    pub(super) method: &'static str,
    /// As the document writes it.
    pub(super) path: &'static str,
    /// What it needs in the team. Without a team it needs a token.
    pub(super) needs: Permission,
    task: fn(&World) -> String,
    column: fn(&World) -> Uuid,
    pub(super) body: Option<fn(&World) -> Value>,
    pub(super) query: &'static str,
    wants_version: bool,
    /// How a member is answered.
    pub(super) status: u16,
}

const READS: Operation = Operation {
    method: "GET",
    path: "",
    needs: Read,
    task: |world| world.todo.key.clone(),
    column: |world| world.empty_column.id,
    body: None,
    query: "",
    wants_version: false,
    status: 200,
};

const WRITES: Operation = Operation {
    needs: Write,
    method: "POST",
    ..READS
};

const fn get(path: &'static str) -> Operation {
    Operation { path, ..READS }
}

pub(super) const BOARD: &str = "/teams/{team}/boards/{key}";
const COLUMNS: &str = "/teams/{team}/boards/{key}/columns";
pub(super) const COLUMN: &str = "/teams/{team}/boards/{key}/columns/{id}";
pub(super) const COLUMN_OF_TEAM: &str = "/teams/{team}/columns/{id}";
pub(super) const TASK: &str = "/teams/{team}/tasks/{task}";

/// Every operation of the document.
pub(super) const OPERATIONS: &[Operation] = &[
    get("/me"),
    get("/teams/{team}"),
    get("/teams/{team}/members"),
    get("/teams/{team}/now"),
    get("/teams/{team}/boards"),
    Operation {
        path: "/teams/{team}/boards",
        body: Some(|_| json!({ "id": Uuid::now_v7(), "key": "APP", "name": "Mobile app" })),
        status: 201,
        ..WRITES
    },
    get(BOARD),
    Operation {
        method: "PATCH",
        path: BOARD,
        body: Some(|_| json!({ "name": "Website and shop", "archived": false })),
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: BOARD,
        status: 204,
        ..WRITES
    },
    get(COLUMNS),
    Operation {
        path: COLUMNS,
        body: Some(|_| json!({ "id": Uuid::now_v7(), "name": "Review", "kind": "doing" })),
        status: 201,
        ..WRITES
    },
    get(COLUMN),
    Operation {
        method: "PATCH",
        path: COLUMN,
        body: Some(|_| json!({ "name": "Next", "kind": "todo", "wip_limit": 3, "place": 1 })),
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: COLUMN,
        status: 204,
        ..WRITES
    },
    get(COLUMN_OF_TEAM),
    Operation {
        method: "PATCH",
        path: COLUMN_OF_TEAM,
        body: Some(|_| json!({ "name": "Next", "kind": "todo", "wip_limit": 3, "place": 1 })),
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: COLUMN_OF_TEAM,
        status: 204,
        ..WRITES
    },
    get("/teams/{team}/tasks"),
    Operation {
        path: "/teams/{team}/tasks",
        body: Some(|world| {
            json!({
                "id": Uuid::now_v7(), "board": "WEB", "column": world.columns[0].id, "title": "Draw a map",
                "description": "Of the **harbour**.", "assignee": world.people.ben.id, "due_on": "2027-01-31",
                "priority": "high", "labels": ["design"],
            })
        }),
        status: 201,
        ..WRITES
    },
    get(TASK),
    Operation {
        method: "PATCH",
        path: TASK,
        body: Some(|world| {
            json!({
                "title": "Choose two colours", "description": "Not grey.", "assignee": world.people.ben.id,
                "due_on": "2027-01-31", "priority": "urgent", "labels": ["design", "print"],
            })
        }),
        wants_version: true,
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: TASK,
        wants_version: true,
        status: 204,
        ..WRITES
    },
    Operation {
        path: "/teams/{team}/tasks/{task}/claim",
        ..WRITES
    },
    Operation {
        path: "/teams/{team}/tasks/{task}/move",
        body: Some(|world| json!({ "column": world.columns[1].id, "after": world.doing.key })),
        ..WRITES
    },
    Operation {
        path: "/teams/{team}/tasks/{task}/restore",
        task: |world| world.deleted.key.clone(),
        ..WRITES
    },
    get("/teams/{team}/tasks/{task}/comments"),
    Operation {
        path: "/teams/{team}/tasks/{task}/comments",
        body: Some(|_| json!({ "id": Uuid::now_v7(), "body": "Blue." })),
        status: 201,
        ..WRITES
    },
    get("/teams/{team}/tasks/{task}/history"),
    Operation {
        query: "?title=colours",
        ..get("/teams/{team}/tasks/similar")
    },
    get("/teams/{team}/events"),
    Operation {
        needs: Govern,
        ..get("/teams/{team}/export")
    },
];

impl Operation {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn has_team(&self) -> bool {
        self.path.contains("{team}")
    }

    /// Where it is, in the team of a slug.
    pub(super) fn address(&self, world: &World, slug: &str) -> String {
        let path = self
            .path
            .replace("{team}", slug)
            .replace("{key}", "WEB")
            .replace("{task}", &(self.task)(world))
            .replace("{id}", &(self.column)(world).to_string());
        format!("{path}{}", self.query)
    }

    pub(super) fn sample(&self, world: &World) -> Option<Value> {
        self.body.map(|body| body(world))
    }

    pub(super) fn ask_at(&self, program: &Program, path: &str, body: Option<&Value>) -> Ask {
        let version = self.wants_version.then_some("*");
        let ask = program.request(self.method, path, body);
        ask.header("if-match", version)
    }

    pub(super) async fn send(
        &self,
        program: &Program,
        world: &World,
        body: Option<&Value>,
    ) -> Answer {
        let path = self.address(world, &world.team.slug);
        program.ask(self.ask_at(program, &path, body)).await
    }
}

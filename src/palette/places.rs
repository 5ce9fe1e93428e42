//! Where the palette leads: pages, boards, people, tasks.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::location::Url;

use super::{
    choice::{Choice, Leads},
    matching::fit,
    recent::Visit,
};
use crate::{
    boards::{list_page::load_boards, model::BoardView},
    people::model::TeamView,
    search::{model::FoundTask, search_page::load_search},
    tasks::model::TaskKey,
};

/// The boards and people of the team, as far as they have been read.
#[derive(Clone, Copy)]
pub struct Known {
    boards: RwSignal<Option<Vec<BoardView>>>,
    /// A name, and the search for what they hold, as it stands in an address.
    people: RwSignal<Vec<(String, String)>>,
}

impl Known {
    pub fn nothing() -> Self {
        Self {
            boards: RwSignal::new(None),
            people: RwSignal::new(Vec::new()),
        }
    }

    /// Reads them again. What cannot be read is known from before, or not at all.
    pub fn read(self, team: &str) {
        let (slug, other) = (team.to_owned(), team.to_owned());
        spawn_local(async move {
            if let Ok(page) = load_boards(slug).await {
                let _ = self.boards.try_set(Some(page.boards));
            }
        });
        spawn_local(async move {
            let Ok(search) = load_search(other, String::new(), None).await else {
                return;
            };
            let holders = search
                .facets
                .into_iter()
                .find(|facet| facet.name == "Assignee");
            let holders = holders.map(|facet| facet.choices).unwrap_or_default();
            let holders = holders
                .into_iter()
                .map(|choice| (choice.words, choice.query));
            let _ = self.people.try_set(holders.collect());
        });
    }

    pub fn boards(self, home: &str) -> Vec<Choice> {
        let of = |board: &BoardView| {
            let beside = match board.archived {
                true => format!("{}, archived", board.key),
                false => board.key.clone(),
            };
            Choice::to(&board.name, beside, format!("{home}/boards/{}", board.key))
        };
        self.boards.with(|boards| {
            let mut boards: Vec<_> = boards.iter().flatten().collect();
            boards.sort_by_key(|board| board.archived);
            boards.into_iter().map(of).collect()
        })
    }

    pub fn people(self, home: &str) -> Vec<Choice> {
        self.people.with(|people| {
            let of = |(name, query): &(String, String)| {
                let href = format!("{home}/search?q={query}+is:open");
                Choice::to(name, "open tasks", href)
            };
            people.iter().map(of).collect()
        })
    }

    /// The task whose key is typed, whether there is one or not: nobody asked yet.
    pub fn by_key(self, home: &str, typed: &str) -> Option<Choice> {
        let key: TaskKey = typed.trim().parse().ok()?;
        let has_board = self.boards.with(|boards| {
            let Some(boards) = boards else {
                return true;
            };
            boards.iter().any(|board| board.key == key.board)
        });
        has_board.then(|| {
            Choice::to(
                key.to_string(),
                "open the task",
                task_href(home, &key.to_string()),
            )
        })
    }
}

/// The pages that somebody may open.
pub fn pages(team: &TeamView, home: &str) -> Vec<Choice> {
    let mut pages = vec![
        ("Now", String::new()),
        ("My tasks", "/mine".to_owned()),
        ("Boards", "/boards".to_owned()),
        ("People", "/people".to_owned()),
        ("Search", "/search".to_owned()),
        ("Recently deleted", "/deleted".to_owned()),
    ];
    if team.role.may_govern() {
        pages.push(("Insights", "/insights".to_owned()));
        pages.push(("Settings", "/settings".to_owned()));
    }
    let in_team = pages
        .into_iter()
        .map(|(words, part)| Choice::to(words, "", format!("{home}{part}")));
    let account = Choice {
        words: "Your account".to_owned(),
        beside: String::new(),
        leads: Leads::Out("/account".to_owned()),
    };
    in_team.chain([account]).collect()
}

/// The search for what is typed.
pub fn search_for(home: &str, typed: &str) -> Choice {
    let href = format!("{home}/search?q={}", Url::escape(typed));
    Choice::to(format!("Search for “{typed}”"), "", href)
}

pub fn visit(visit: Visit) -> Choice {
    Choice::to(visit.words, visit.beside, visit.href)
}

/// Tasks that were found for a text. Found for another one, they are shown as far as they fit this one.
pub fn tasks(home: &str, found: &(String, Vec<FoundTask>), typed: &str) -> Vec<Choice> {
    let (asked, tasks) = found;
    let of = |task: &FoundTask| {
        let mut beside = format!("{} · {}", task.key, task.column);
        if let Some(holder) = &task.assignee {
            beside.push_str(" · ");
            beside.push_str(holder);
        }
        Choice::to(&task.title, beside, task_href(home, &task.key))
    };
    let fits = |choice: &Choice| asked == typed || fit(typed, choice).is_some();
    tasks.iter().map(of).filter(fits).collect()
}

fn task_href(home: &str, key: &str) -> String {
    format!("{home}/tasks/{key}")
}

//! A believable team to look around in: eight people, three boards, two months of work. The board that a team begins
//! with has a few tasks from its first days and is put away.
//!
//! Everything is done through the same doors as by people, in the order in which it would have happened;
//! at the end the log and what was derived from it are dated back, and before a decision what it is taken by.

mod plan;
mod store;
mod story;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, time::Duration};

use rand::{SeedableRng, rngs::StdRng};
use sqlx::PgPool;
use time::OffsetDateTime;

use self::plan::{Deed, OPEN_BOX, Step};
use crate::{
    accounts::{self, model::Password, token},
    boards::{
        self,
        model::{BoardKey, BoardName},
    },
    columns::{
        self,
        model::{ColumnKind, ColumnView},
    },
    comments::{self, model::CommentBody},
    error::{Code, Error, Result},
    feedback::{
        self,
        model::{Answers, Occasion, PagePath, PageVersion, Tag, VERSION},
    },
    hypotheses::{
        self,
        draft::{Draft, EVERYBODY, Typed},
        model::{Reason, USUAL_SAMPLE},
    },
    ids::{BoardId, ColumnId, CommentId, FeedbackId, HypothesisId, PersonId, TaskId},
    live::{
        self,
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::{
        self,
        access::{Access, Permission},
        model::{PersonName, Role, TeamName},
    },
    server::database::Transaction,
    tasks::{
        self,
        actions::Edit,
        model::{TaskKey, TaskTitle},
        position::Place,
    },
};

const TEAM: &str = "Lantern Works";
const DAYS: i64 = 56;
/// The same team every time.
const SEED: u64 = 7;

/// How to look at what was made.
pub struct Filled {
    pub team: String,
    pub email: &'static str,
    /// The same for all eight people, and made anew for each instance.
    pub password: String,
}

/// Fills a team with people and work: a new one, or an empty one that is there. A team that was just founded is empty:
/// its owner is alone in it, with the board that it began with and no task.
///
/// # Errors
/// 409 when the team is not empty, or when the demo's people have accounts here already; 404 when there
/// is no such team.
pub async fn fill(db: &PgPool, team: Option<&str>) -> Result<Filled> {
    let password = token::random();
    // Before anybody is made, who would then be in the way of the next attempt.
    let chosen = match team {
        Some(slug) => Some(enter_empty(db, slug).await?),
        None => None,
    };
    let people = create_people(db, &password).await?;
    let owner = match chosen {
        Some(owner) => owner,
        None => {
            let transaction = Transaction::begin(db).await?;
            let change =
                people::actions::found_team(transaction, db, &people[0], &TeamName::parse(TEAM)?)
                    .await?;
            let access = change.access().clone();
            change.commit().await?;
            access
        }
    };
    let now = OffsetDateTime::now_utc();
    let start = now - Duration::from_secs(60 * 60 * 24 * DAYS.unsigned_abs());
    let mut history = History::begin(&owner, start).await?;
    history.join(&people).await?;
    let boards = history.create_boards().await?;
    for step in plan::plan(&mut StdRng::seed_from_u64(SEED), start, now) {
        history.act(&people, &boards, step).await?;
    }
    history.say(&people, now).await?;
    history.date_back().await?;
    Ok(Filled {
        team: owner.slug().to_owned(),
        email: story::PEOPLE[0].1,
        password,
    })
}

/// Opens the door of a team that has nothing in it yet, as its owner.
async fn enter_empty(db: &PgPool, slug: &str) -> Result<Access> {
    let owner = people::store::first_owner(db, slug)
        .await?
        .ok_or_else(Error::not_found)?;
    let owner = Access::enter(db, &owner, slug, Permission::Write).await?;
    match in_the_way(&owner).await? {
        None => Ok(owner),
        Some(reason) => Err(Error::new(
            Code::Conflict,
            format!("{reason} Choose another team, or none for a new one."),
        )),
    }
}

/// Why the demo cannot come into a team, in a sentence. It has to be as it was founded, because what is made up
/// could not be told from what is real afterwards.
async fn in_the_way(owner: &Access) -> Result<Option<&'static str>> {
    let (db, team) = (owner.db(), owner.team());
    if !tasks::store::is_empty(db, team).await? {
        return Ok(Some("The team is not empty: it has tasks."));
    }
    if people::store::members(db, team).await?.len() > 1 {
        return Ok(Some(
            "The team is not empty: somebody besides its owner is in it.",
        ));
    }
    let boards = boards::store::of_team(db, team).await?;
    let board = match boards.as_slice() {
        [] => return Ok(None),
        [board] => board,
        _ => return Ok(Some("The team is not empty: it has a further board.")),
    };
    let columns = columns::store::of_board(db, team, board.id).await?;
    // Tasks that were deleted long ago leave nothing but their numbers.
    let was_used = tasks::store::last_number(db, team, board.id).await? > 0;
    if board.archived || was_used || !has_every_kind(&columns) {
        return Ok(Some("The team is not empty: its board was worked on."));
    }
    if story::BOARDS.iter().any(|other| other.key == board.key) {
        return Ok(Some("The team's board has a key that the demo needs."));
    }
    Ok(None)
}

fn has_every_kind(columns: &[ColumnView]) -> bool {
    let has = |kind: ColumnKind| columns.iter().any(|column| column.kind == kind);
    ColumnKind::ALL.into_iter().all(has)
}

async fn create_people(db: &PgPool, password: &str) -> Result<Vec<PersonName>> {
    let hash = accounts::password::hash(&Password::parse("password", password)?).await?;
    let mut transaction = Transaction::begin(db).await?;
    let mut people = Vec::with_capacity(story::PEOPLE.len());
    for (name, email, _) in story::PEOPLE {
        let person = PersonName {
            id: PersonId::new(),
            name: name.to_owned(),
        };
        accounts::store::insert_person(transaction.connection(), &person, email, Some(&hash), true)
            .await
            .map_err(|error| match error.code {
                Code::Conflict => Error::new(
                    Code::Conflict,
                    format!(
                        "The demo's people have accounts of their own, and there is one for {email} already. If an earlier demo made it, `user reset-link {email}` lets you in."
                    ),
                ),
                _ => error,
            })?;
        people.push(person);
    }
    transaction.commit().await?;
    Ok(people)
}

struct Board {
    id: BoardId,
    key: String,
    columns: HashMap<ColumnKind, ColumnId>,
}

/// What was done so far, and when it would have happened.
struct History {
    owner: Access,
    start: OffsetDateTime,
    seq: i64,
    events: Vec<(i64, OffsetDateTime)>,
    comments: Vec<(CommentId, OffsetDateTime)>,
    feedback: Vec<(FeedbackId, OffsetDateTime)>,
    /// In the order of the story.
    hypotheses: Vec<(HypothesisId, OffsetDateTime)>,
    decisions: Vec<(HypothesisId, OffsetDateTime)>,
}

impl History {
    async fn begin(owner: &Access, start: OffsetDateTime) -> Result<Self> {
        let mut history = Self {
            owner: owner.clone(),
            start,
            seq: 0,
            events: Vec::new(),
            comments: Vec::new(),
            feedback: Vec::new(),
            hypotheses: Vec::new(),
            decisions: Vec::new(),
        };
        history.happened(start).await?;
        Ok(history)
    }

    /// Everything that the log has got since the last time happened at this moment.
    async fn happened(&mut self, at: OffsetDateTime) -> Result<()> {
        let last = live::store::last_seq(self.owner.db(), self.owner.team()).await?;
        self.events
            .extend((self.seq + 1..=last).map(|seq| (seq, at)));
        self.seq = last;
        Ok(())
    }

    async fn join(&mut self, people: &[PersonName]) -> Result<()> {
        let mut change = Change::begin(&self.owner).await?;
        for (person, (_, _, watches)) in people.iter().zip(story::PEOPLE) {
            let role = if watches { Role::Viewer } else { Role::Member };
            if people::store::join(change.connection(), self.owner.team(), person.id, role).await? {
                change.record(NewEvent {
                    kind: "member.joined",
                    board: None,
                    task: None,
                    changes: vec![FieldChange::new(
                        "role",
                        None,
                        Some(role.as_str().to_owned()),
                    )],
                });
            }
        }
        change.commit().await?;
        self.happened(self.start).await
    }

    /// Those of the story, and behind them the one that the team began with, or one such as it would have been.
    async fn create_boards(&mut self) -> Result<Vec<Board>> {
        let found = boards::store::of_team(self.owner.db(), self.owner.team()).await?;
        let mut made = Vec::with_capacity(story::BOARDS.len() + 1);
        for board in &story::BOARDS {
            made.push(self.create_board(board.key, board.name).await?);
        }
        made.push(match found.into_iter().next() {
            Some(first) => self.board(first.id, first.key).await?,
            None => self.create_board("TEAM", "Team board").await?,
        });
        self.happened(self.start).await?;
        Ok(made)
    }

    async fn create_board(&self, key: &str, name: &str) -> Result<Board> {
        let id = BoardId::new();
        let (key, name) = (BoardKey::parse(key)?, BoardName::parse(name)?);
        boards::actions::create_board(&self.owner, id, &key, &name).await?;
        self.board(id, key.as_str().to_owned()).await
    }

    async fn board(&self, id: BoardId, key: String) -> Result<Board> {
        let columns = columns::store::of_board(self.owner.db(), self.owner.team(), id).await?;
        Ok(Board {
            id,
            key,
            columns: columns
                .into_iter()
                .map(|column| (column.kind, column.id))
                .collect(),
        })
    }

    async fn act(&mut self, people: &[PersonName], boards: &[Board], step: Step) -> Result<()> {
        let person = &people[step.person];
        let access = Access::enter(
            self.owner.db(),
            person,
            self.owner.slug(),
            Permission::Write,
        )
        .await?;
        let board = &boards[step.board];
        let key = TaskKey {
            board: board.key.clone(),
            number: step.number,
        };
        let column = |kind| {
            board
                .columns
                .get(&kind)
                .copied()
                .ok_or_else(Error::not_found)
        };
        match step.deed {
            Deed::Create { title } => {
                let todo = column(ColumnKind::Todo)?;
                let title = TaskTitle::parse(title)?;
                tasks::actions::create_task(&access, board.id, todo, TaskId::new(), &title).await?;
            }
            Deed::Describe {
                description,
                due_on,
                priority,
                label,
                assignee,
            } => {
                let edit = Edit {
                    description: (!description.is_empty()).then(|| description.to_owned()),
                    due_on: due_on.map(|date| date.to_string()),
                    priority: priority.map(|priority| priority.as_str().to_owned()),
                    labels: label.map(str::to_owned),
                    assignee: assignee.map(|index| people[index].id.to_string()),
                    ..Edit::default()
                };
                edit_task(&access, &key, edit).await?;
            }
            Deed::Claim => tasks::actions::claim_task(&access, &key).await?,
            Deed::Start => {
                tasks::actions::move_task(
                    &access,
                    &key,
                    column(ColumnKind::Doing)?,
                    Place::End,
                    None,
                )
                .await?;
            }
            Deed::Tick { description } => {
                let edit = Edit {
                    description: Some(description.replace(OPEN_BOX, "- [x]")),
                    ..Edit::default()
                };
                edit_task(&access, &key, edit).await?;
            }
            Deed::Finish => {
                tasks::actions::move_task(
                    &access,
                    &key,
                    column(ColumnKind::Done)?,
                    Place::End,
                    None,
                )
                .await?;
            }
            Deed::Comment { text } => {
                let id = CommentId::new();
                comments::actions::add_comment(&access, &key, id, &CommentBody::parse(text)?)
                    .await?;
                self.comments.push((id, step.at));
            }
            Deed::Delete => tasks::actions::delete_task(&access, &key, None).await?,
            Deed::Archive => boards::actions::archive_board(&access, board.id).await?,
            Deed::Suppose { place } => {
                let id = self.suppose(&story::HYPOTHESES[place]).await?;
                self.hypotheses.push((id, step.at));
            }
            Deed::Decide { place, decided } => {
                let (id, _) = self.hypotheses[place];
                self.decide(id, decided).await?;
                self.decisions.push((id, step.at));
            }
        }
        self.happened(step.at).await
    }

    /// The owner's way to what is the owners' alone.
    async fn governing(&self) -> Result<Access> {
        let owner = &self.owner;
        let permission = Permission::Govern;
        Access::enter(owner.db(), owner.person(), owner.slug(), permission).await
    }

    /// Writes a hypothesis down that begins tomorrow. When it is dated back its period goes with it.
    async fn suppose(&self, hypothesis: &story::Hypothesis) -> Result<HypothesisId> {
        let in_days = |days| {
            let day = OffsetDateTime::now_utc() + time::Duration::days(days);
            day.date().to_string()
        };
        let draft = Draft::parse(&Typed {
            if_we: hypothesis.if_we,
            then_it: hypothesis.then_it,
            because: hypothesis.because,
            metric: hypothesis.metric.as_str(),
            target: hypothesis.target,
            starts_on: &in_days(1),
            ends_on: &in_days(hypothesis.days),
            audience: EVERYBODY,
            sample: &USUAL_SAMPLE.to_string(),
        })?;
        let id = HypothesisId::new();
        hypotheses::actions::create_hypothesis(&self.governing().await?, id, &draft).await?;
        Ok(id)
    }

    /// Decides about a hypothesis by what had happened until then, which is dated back first.
    async fn decide(&self, id: HypothesisId, decided: &story::Decided) -> Result<()> {
        let mut transaction = Transaction::begin(self.owner.db()).await?;
        self.date(&mut transaction).await?;
        transaction.commit().await?;
        let (owner, reason) = (self.governing().await?, Reason::parse(decided.reason)?);
        hypotheses::actions::take_decision(&owner, id, decided.verdict, &reason, false).await
    }

    /// What people said about working with the product. Nobody is asked for more while somebody looks around.
    async fn say(&mut self, people: &[PersonName], now: OffsetDateTime) -> Result<()> {
        let (db, slug) = (self.owner.db().clone(), self.owner.slug().to_owned());
        for said in &story::FEEDBACK {
            let access = Access::enter(&db, &people[said.person], &slug, Permission::Read).await?;
            let id = FeedbackId::new();
            let page = format!("/teams/{slug}{}", said.page);
            feedback::actions::give(
                &access,
                id,
                Occasion::Button,
                &Answers::parse(said.most_useful, said.in_the_way, said.missing)?,
                &PagePath::parse(&page, &slug)?,
                &PageVersion::parse(VERSION)?,
            )
            .await?;
            let at = now - Duration::from_secs(60 * 60 * 24 * said.days_ago);
            self.feedback.push((id, at));
            if !said.tag.is_empty() {
                let owner = self.governing().await?;
                feedback::actions::add_tag(&owner, id, &Tag::parse(said.tag)?).await?;
            }
        }
        for person in people {
            let access = Access::enter(&db, person, &slug, Permission::Read).await?;
            for moment in [Occasion::TenthTask, Occasion::FirstWeek] {
                feedback::actions::dismiss(&access, moment).await?;
            }
        }
        Ok(())
    }

    /// Dates back what was done so far.
    async fn date(&self, transaction: &mut Transaction) -> Result<()> {
        let (connection, team) = (transaction.connection(), self.owner.team());
        store::date_events(connection, team, &self.events).await?;
        store::date_comments(connection, team, &self.comments).await?;
        store::date_feedback(connection, team, &self.feedback).await?;
        store::date_hypotheses(connection, team, &self.hypotheses).await?;
        store::date_decisions(connection, team, &self.decisions).await
    }

    async fn date_back(self) -> Result<()> {
        let mut transaction = Transaction::begin(self.owner.db()).await?;
        self.date(&mut transaction).await?;
        let team = self.owner.team();
        store::date_team(transaction.connection(), team, self.start).await?;
        store::count_usage(transaction.connection(), team).await?;
        store::note_risks(transaction.connection(), team).await?;
        transaction.commit().await
    }
}

async fn edit_task(access: &Access, key: &TaskKey, edit: Edit) -> Result<()> {
    let base = tasks::actions::Base::Program { version: None };
    tasks::actions::edit_task(access, key, base, edit).await?;
    Ok(())
}

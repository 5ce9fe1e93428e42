//! What is done with feedback: members give it, the product asks for it, owners work with it.

use std::time::Duration;

use super::{
    model::{AnswerView, Answers, FeedbackView, Occasion, PAGE, PagePath, PageVersion, Tag},
    proposal,
    store::{self, NewFeedback, Wanted},
};
use crate::{
    accounts::{self, limits::Limit},
    boards::{self, model::BoardLink},
    error::{Code, Error, Result},
    ids::{BoardId, FeedbackId},
    live::change::Change,
    people::access::Access,
    server::database::Transaction,
    tasks::{
        self,
        actions::{Edit, NewTask},
        model::{Description, TaskTitle},
    },
};

/// What one person says: more than anybody has to say.
const GIVEN: Limit = Limit::new("feedback_per_person", 20, Duration::from_secs(3600));

/// Gives feedback. The same again is the same.
///
/// # Errors
/// 409 when the id was used for other words, a field error on `occasion` when nobody asked, 429 after too many.
pub async fn give(
    access: &Access,
    id: FeedbackId,
    occasion: Occasion,
    answers: &Answers,
    page: &PagePath,
    version: &PageVersion,
) -> Result<()> {
    let (team, person) = (access.team(), access.person().id);
    GIVEN.count(access.db(), &person.to_string()).await?;
    // No event goes with it, so nobody but the owners hears of it.
    let mut change = Change::begin(access).await?;
    let connection = change.connection();
    if occasion.is_moment()
        && !store::mark_answered(&mut *connection, team, person, occasion).await?
    {
        return Err(Error::field("occasion", "Nobody has asked for this yet."));
    }
    let given = NewFeedback {
        id,
        person,
        occasion,
        answers,
        page,
        version,
    };
    let is_new = store::insert(connection, team, given).await?;
    change.commit().await?;
    if is_new {
        metrics::counter!("feedback_total", "occasion" => occasion.as_str()).increment(1);
    }
    Ok(())
}

/// Whether a member may be asked now. It writes nothing down, so that a page can say it.
pub async fn is_due(access: &Access) -> Result<bool> {
    let due = store::due(access.db(), access.team(), access.person().id).await?;
    Ok(due.is_some())
}

/// The moment at which a member is asked now, if it is one. It counts as asked, so of several browsers and
/// instances one alone is told it.
pub async fn ask(access: &Access) -> Result<Option<Occasion>> {
    let (team, person) = (access.team(), access.person().id);
    let mut transaction = Transaction::begin(access.db()).await?;
    store::hold_asking(transaction.connection(), person).await?;
    let due = store::due(transaction.connection(), team, person).await?;
    if let Some(occasion) = due {
        store::mark_shown(transaction.connection(), team, person, occasion).await?;
    }
    transaction.commit().await?;
    Ok(due)
}

/// Asks a member at this moment no more.
///
/// # Errors
/// A field error when it is no moment at which anybody is asked.
pub async fn dismiss(access: &Access, occasion: Occasion) -> Result<()> {
    if !occasion.is_moment() {
        return Err(Error::field("occasion", "Nobody is asked by the button."));
    }
    store::mark_dismissed(access.db(), access.team(), access.person().id, occasion).await
}

/// A page of what was said: all of it or what has a tag, after the answer `before`.
pub async fn page(
    access: &Access,
    tag: Option<&Tag>,
    before: Option<FeedbackId>,
) -> Result<FeedbackView> {
    let (db, team) = (access.db(), access.team());
    let wanted = Wanted {
        one: None,
        tag,
        before,
    };
    let (mut items, tags, now) = tokio::try_join!(
        store::items(db, team, wanted, PAGE as i64 + 1),
        store::tags(db, team),
        accounts::store::now(db),
    )?;
    let has_more = items.len() > PAGE;
    items.truncate(PAGE);
    let older = items.last().filter(|_| has_more).map(|last| last.id);
    Ok(FeedbackView {
        items,
        older,
        tags,
        now,
    })
}

/// Adds a tag to an answer. One that it has is not added twice.
///
/// # Errors
/// 404 when the team has no such answer, a field error when it has as many tags as it can have.
pub async fn add_tag(access: &Access, id: FeedbackId, tag: &Tag) -> Result<()> {
    let mut change = Change::begin(access).await?;
    store::add_tag(change.connection(), access.team(), id, tag).await?;
    change.commit().await.map(drop)
}

/// Takes a tag away from an answer. One that it does not have is gone already.
///
/// # Errors
/// 404 when the team has no such answer.
pub async fn remove_tag(access: &Access, id: FeedbackId, tag: &Tag) -> Result<()> {
    let mut change = Change::begin(access).await?;
    store::remove_tag(change.connection(), access.team(), id, tag).await?;
    change.commit().await.map(drop)
}

/// One answer, and the task that could be made of it.
///
/// # Errors
/// 404 when the team has no such answer.
pub async fn answer(access: &Access, id: FeedbackId) -> Result<AnswerView> {
    let (db, team) = (access.db(), access.team());
    let wanted = Wanted {
        one: Some(id),
        ..Wanted::default()
    };
    let (items, boards, now) = tokio::try_join!(
        store::items(db, team, wanted, 1),
        boards::store::of_team(db, team),
        accounts::store::now(db),
    )?;
    let item = items.into_iter().next().ok_or_else(Error::not_found)?;
    let boards = boards
        .into_iter()
        .filter(|board| !board.archived)
        .map(|board| BoardLink {
            id: board.id,
            key: board.key,
            name: board.name,
        })
        .collect();
    Ok(AnswerView {
        title: proposal::title(&item),
        description: proposal::description(&item),
        item,
        boards,
        now,
    })
}

/// Makes a task of an answer, once: whoever asks for the same again gets the same task.
///
/// # Errors
/// 404 when the team has no such answer or board, 409 when another task was made of it already or the board is
/// archived.
pub async fn make_task(
    access: &Access,
    id: FeedbackId,
    board: BoardId,
    title: &TaskTitle,
    description: &Description,
) -> Result<()> {
    let (db, team) = (access.db(), access.team());
    let task = store::task_of(db, team, id).await?;
    let description = description.as_str();
    let asked = NewTask {
        column: None,
        title: title.clone(),
        rest: Edit {
            description: (!description.is_empty()).then(|| description.to_owned()),
            ..Edit::default()
        },
    };
    match tasks::actions::create_whole_task(access, board, task, &asked).await {
        Err(refused) if refused.code == Code::Conflict => {
            let wanted = Wanted {
                one: Some(id),
                ..Wanted::default()
            };
            let items = store::items(db, team, wanted, 1).await?;
            match items.into_iter().next().and_then(|item| item.task) {
                Some(made) => Err(Error::new(
                    Code::Conflict,
                    format!(
                        "{} was made of this already, so “{}” was not.",
                        made.key,
                        title.as_str()
                    ),
                )),
                None => Err(refused),
            }
        }
        made => made.map(drop),
    }
}

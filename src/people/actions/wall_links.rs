//! Wall links: whoever holds one sees the team's Now page, and nothing else, until it is revoked.

use crate::{
    accounts::token,
    error::{Code, Error, Result},
    ids::WallLinkId,
    live::change::{Change, NewEvent},
    people::{access::Access, store},
};

/// Makes a wall link and gives its token, which is known only now. The same request again makes the
/// token anew, because the first one cannot be told a second time.
///
/// # Errors
/// 409 when the id was used already.
pub async fn create_wall_link(access: &Access, id: WallLinkId) -> Result<String> {
    let mut change = Change::begin(access).await?;
    let (team, me) = (access.team(), access.person().id);
    let token = token::random();
    let hash = token::hash(&token);
    if store::wall_links::insert(change.connection(), team, id, &hash, me).await? {
        change.record(NewEvent::of_team("wall_link.created", Vec::new()));
    } else if !store::wall_links::replace_token(change.connection(), team, id, &hash, me).await? {
        return Err(Error::new(
            Code::Conflict,
            "This form was used already. Reload the page to make another link.",
        ));
    }
    change.commit().await?;
    Ok(token)
}

/// Makes a wall link unusable. One that was revoked before stays as it is.
///
/// # Errors
/// 404 when the team has no such link.
pub async fn revoke_wall_link(access: &Access, id: WallLinkId) -> Result<()> {
    let mut change = Change::begin(access).await?;
    if store::wall_links::revoke(change.connection(), access.team(), id).await? {
        change.record(NewEvent::of_team("wall_link.revoked", Vec::new()));
    }
    change.commit().await?;
    Ok(())
}

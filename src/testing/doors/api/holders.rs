//! Everybody who may hold a token, or none.

use super::operations::Operation;
use crate::{
    people::access::Permission::Govern,
    testing::{Program, World},
};

/// Who tries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Nobody,
    Viewer,
    Member,
    Owner,
    /// The owner of another team.
    Stranger,
    /// A member, with a token that only reads.
    Reader,
    /// An owner, with a token that is limited to another team.
    Elsewhere,
    /// An owner whose token was revoked.
    Revoked,
    /// A member who is signed in, and sends the session for a token too.
    SignedIn,
}

pub(super) const HOLDERS: [Holder; 9] = [
    Holder::Nobody,
    Holder::Viewer,
    Holder::Member,
    Holder::Owner,
    Holder::Stranger,
    Holder::Reader,
    Holder::Elsewhere,
    Holder::Revoked,
    Holder::SignedIn,
];

impl Holder {
    pub(super) async fn program(self, world: &World) -> Program {
        let (app, people) = (&world.app, &world.people);
        match self {
            Self::Nobody => Program::of_nobody(app),
            Self::Viewer => Program::of(app, &people.vera).await,
            Self::Member => Program::of(app, &people.ben).await,
            Self::Owner => Program::of(app, &people.ana).await,
            Self::Stranger => Program::of(app, &people.otto).await,
            Self::Reader => Program::with(app, &people.ben, "read", None).await,
            Self::Elsewhere => {
                let other = Some(world.other_team.id);
                Program::with(app, &people.ana, "write", other).await
            }
            Self::Revoked => {
                let program = Program::of(app, &people.ana).await;
                sqlx::query("UPDATE api_tokens SET revoked_at = now() WHERE token_hash = $1")
                    .bind(crate::accounts::token::hash(
                        program.token().unwrap_or_default(),
                    ))
                    .execute(&app.db)
                    .await
                    .expect("a revoked token");
                program
            }
            Self::SignedIn => {
                let session = world.ben.cookie("skateboard").expect("a session");
                Program::of_nobody(app).holding(&session)
            }
        }
    }

    /// How this one is refused, if at all.
    pub(super) fn refused(self, operation: &Operation) -> Option<u16> {
        let reads = operation.method == "GET";
        match self {
            Self::Nobody | Self::Revoked | Self::SignedIn => Some(401),
            Self::Reader if !reads => Some(403),
            _ if !operation.has_team() => None,
            Self::Stranger | Self::Elsewhere => Some(404),
            Self::Viewer if !reads => Some(403),
            Self::Viewer | Self::Member | Self::Reader if operation.needs == Govern => Some(403),
            _ => None,
        }
    }
}

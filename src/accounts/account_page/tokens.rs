//! The section of `/account` about API tokens: make one, see what there is, revoke one.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    accounts::model::tokens::{PREFIX, Scope, TokenLifetime, TokenTeams, TokenView, TokensView},
    error::Result,
    forms::view::{PlainForm, SelectField, TextField},
    people::shown_once::ShownOnce,
    ui::{
        confirm::{Answers, Confirm},
        time::{Ago, Moment, left},
    },
};

#[component]
pub fn Tokens(tokens: TokensView, now: i64) -> impl IntoView {
    let has_tokens = !tokens.tokens.is_empty();
    let teams = [(String::new(), "All my teams".to_owned())]
        .into_iter()
        .chain(tokens.teams.into_iter().map(|team| (team.slug, team.name)))
        .collect::<Vec<_>>();
    let rows = tokens
        .tokens
        .into_iter()
        .map(|token| view! { <Row token=token now=now /> })
        .collect_view();
    view! {
        <section aria-labelledby="tokens-heading">
            <h2 id="tokens-heading">"API tokens"</h2>
            <p class="muted">
                "With a token a program uses the " <a href="/api/docs" rel="external">
                    "API"
                </a> " as you, within the rights that you have. It cannot sign in, change your password or make tokens."
            </p>
            <ShownOnce
                kind=PREFIX
                label="Token"
                note="Copy it now: it is shown only this once. Whoever holds it acts as you until it expires or is revoked."
                copy="Copy token"
                copied="Token copied."
            />
            <PlainForm action=CreateToken::url() class="token-form">
                <input type="hidden" name="id" value=tokens.next.to_string() />
                <TextField
                    label="Token name"
                    name="name"
                    required=true
                    autocomplete="off"
                    maxlength=80
                    hint="What it is for, such as the name of a script."
                />
                <SelectField
                    label="Scope"
                    name="scope"
                    value=Scope::Read.as_str()
                    options=scopes()
                />
                <SelectField label="Team" name="team" options=teams />
                <SelectField
                    label="Expires"
                    name="expires"
                    value=TokenLifetime::DEFAULT.to_string()
                    options=lifetimes()
                />
                <button type="submit">"Create token"</button>
            </PlainForm>
            {has_tokens.then(|| view! { <ul class="tokens">{rows}</ul> })}
        </section>
    }
}

#[component]
fn Row(token: TokenView, now: i64) -> impl IntoView {
    let id = token.id.to_string();
    let is_over = token.expires_at <= now;
    let teams = match token.teams {
        TokenTeams::All => "all teams".to_owned(),
        TokenTeams::One(name) => name,
        TokenTeams::Left => "a team that you have left".to_owned(),
    };
    view! {
        <li>
            <div>
                <p>
                    <strong>{token.name.clone()}</strong>
                    " "
                    <code>{token.hint} "…"</code>
                </p>
                <p class="muted small">
                    {token.scope.in_words()} ", " {teams} ". Created "
                    <Ago at=token.created_at now=now />
                    {if is_over { ", expired " } else { ", expires in " }}
                    {if is_over {
                        view! { <Ago at=token.expires_at now=now /> }.into_any()
                    } else {
                        view! { <Moment at=token.expires_at>{left(token.expires_at - now)}</Moment> }
                            .into_any()
                    }}
                    {match token.last_used_at {
                        Some(at) => {
                            view! {
                                ", last used "
                                <Ago at=at now=now />
                            }
                                .into_any()
                        }
                        None => ", never used".into_any(),
                    }} "."
                </p>
            </div>
            {(!is_over).then(|| view! { <RevokeButton id=id name=token.name /> })}
        </li>
    }
}

#[component]
fn RevokeButton(id: String, name: String) -> impl IntoView {
    view! {
        <Confirm
            id=format!("revoke-{id}")
            opener="Revoke"
            title=format!("Revoke {name}?")
            danger=true
        >
            <p>"Whatever uses this token is refused at once. It cannot be brought back."</p>
            <PlainForm action=RevokeToken::url() key=("id".to_owned(), id)>
                <Answers>
                    <button type="submit" class="danger">
                        "Revoke"
                    </button>
                </Answers>
            </PlainForm>
        </Confirm>
    }
}

fn scopes() -> Vec<(String, String)> {
    Scope::ALL
        .into_iter()
        .map(|scope| (scope.as_str().to_owned(), scope.in_words().to_owned()))
        .collect()
}

fn lifetimes() -> Vec<(String, String)> {
    TokenLifetime::OFFERED
        .into_iter()
        .map(|days| {
            let words = match days {
                365 => "After 1 year".to_owned(),
                _ => format!("After {days} days"),
            };
            (days.to_string(), words)
        })
        .collect()
}

/// Makes a token of whoever is signed in, which is shown once on the page that follows.
#[server]
pub async fn create_token(
    id: String,
    name: String,
    scope: String,
    team: String,
    expires: String,
) -> Result<()> {
    use crate::{
        accounts::{
            model::tokens::TokenName,
            tokens::{self, NewToken},
        },
        forms,
        ids::TokenId,
        server::request,
    };

    let (state, session) = (request::state(), request::signed_in()?);
    let new = NewToken {
        id: TokenId::parse("id", &id)?,
        name: TokenName::parse(&name)?,
        scope: scope.parse()?,
        team: tokens::only_team(&state.db, session.person_id(), &team).await?,
        lifetime: TokenLifetime::parse(&expires)?,
    };
    let token = tokens::create(&state.db, &session, &new).await?;
    request::set_cookie(&forms::layer::show_once(&state.settings, token));
    Ok(())
}

/// Makes one's own token unusable.
#[server]
pub async fn revoke_token(id: String) -> Result<()> {
    use crate::{accounts::tokens, ids::TokenId, server::request};

    let (state, session) = (request::state(), request::signed_in()?);
    let id = TokenId::parse("id", &id)?;
    tokens::revoke(&state.db, session.person_id(), id).await
}

//! Passwords: hashed by argon2id, a few at a time, and never an easily guessed one.

use std::{sync::LazyLock, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use super::model::{EmailAddress, FullName, Password};
use crate::error::{Code, Error, Result};

/// 19 MiB, two passes, one lane: OWASP's password storage cheat sheet.
static ARGON2: LazyLock<Argon2> = LazyLock::new(|| {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// A hash of nothing that anybody knows, so that an unknown address costs as much time as a known one.
static DUMMY: LazyLock<String> = LazyLock::new(|| {
    ARGON2
        .hash_password(&rand::random::<[u8; 32]>())
        .map(|hash| hash.to_string())
        .unwrap_or_default()
});

/// So many hashes are computed at once; the others wait. It bounds the memory of parallel sign-ins.
static PERMITS: Semaphore = Semaphore::const_new(4);

/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(8);

/// A password whose estimated guesses are below this is on the lists that attackers try first.
const MIN_GUESSES: u64 = 100_000;

/// What came out of comparing a password with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and hashed with other parameters than those of today.
    RightButOutdated,
}

/// Hashes a new password.
pub async fn hash(password: &Password) -> Result<String> {
    let password = password.as_str().to_owned();
    in_turn(move || {
        ARGON2
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| {
                tracing::error!(%error, "a password could not be hashed");
                Error::internal()
            })
    })
    .await?
}

/// Compares exactly what was typed with what is stored. It takes as long when nothing is stored.
pub async fn verify(typed: &str, stored: Option<String>) -> Result<Verdict> {
    // Nobody has a longer one, and a megabyte need not be hashed to find that out.
    let typed: String = typed.chars().take(Password::MAX_CHARACTERS + 1).collect();
    in_turn(move || {
        let Ok(hash) = PasswordHash::new(stored.as_deref().unwrap_or(&DUMMY)) else {
            return Verdict::Wrong;
        };
        let right = ARGON2.verify_password(typed.as_bytes(), &hash).is_ok();
        match (stored.is_some() && right, is_of_today(&hash)) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButOutdated,
        }
    })
    .await
}

fn is_of_today(hash: &PasswordHash) -> bool {
    hash.algorithm == Algorithm::Argon2id.ident()
        && Params::try_from(hash).is_ok_and(|params| {
            params.m_cost() == ARGON2.params().m_cost()
                && params.t_cost() == ARGON2.params().t_cost()
        })
}

/// Refuses what is guessed first: common passwords, words, sequences, and the person's own name or
/// address.
///
/// # Errors
/// A field error on `field`.
pub async fn refuse_guessable(
    field: &str,
    password: &Password,
    name: &FullName,
    email: &EmailAddress,
) -> Result<()> {
    let password = password.as_str().to_owned();
    let own = own_words(name, email);
    let guessable = in_turn(move || {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let lower = password.to_lowercase();
        own.iter().any(|word| lower.trim() == *word)
            || zxcvbn::zxcvbn(&password, &own).guesses() < MIN_GUESSES
    })
    .await?;
    if guessable {
        return Err(Error::field(
            field,
            "This password is easily guessed: it is a common one, or made of your name or address. Choose another.",
        ));
    }
    Ok(())
}

fn own_words(name: &FullName, email: &EmailAddress) -> Vec<String> {
    let (name, email) = (name.as_str().to_lowercase(), email.as_str().to_lowercase());
    let mut words = vec![name.replace(' ', ""), "skateboard".to_owned()];
    words.extend(name.split_whitespace().map(str::to_owned));
    words.extend(email.split('@').map(str::to_owned));
    words.extend([name, email]);
    words
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let busy = || Error {
        retry_after: Some(5),
        ..Error::new(
            Code::Unavailable,
            "Many people are signing in at this moment. Try again shortly.",
        )
    };
    let permit = tokio::time::timeout(PATIENCE, PERMITS.acquire())
        .await
        .map_err(|_| busy())?
        .map_err(|_| busy())?;
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    })
    .await
    .map_err(|_| Error::internal())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_refused(text: &str) -> bool {
        let password = Password::parse("password", text).unwrap();
        let name = FullName::parse("Ada Lovelace").unwrap();
        let email = EmailAddress::parse("countess@engines.example").unwrap();
        refuse_guessable("password", &password, &name, &email)
            .await
            .is_err()
    }

    #[tokio::test]
    async fn common_passwords_and_the_persons_own_words_are_refused() {
        for text in [
            "password",
            "Password",
            "password1",
            "12345678",
            "123456789",
            "qwertyuiop",
            "iloveyou",
            "sunshine",
            "football",
            "aaaaaaaa",
            "abcdefgh",
            "trustno1",
            "letmein1",
            "11111111",
            "Ada Lovelace",
            "adalovelace",
            "countess",
            "countess@engines.example",
            "lovelace1",
            "skateboard",
            "P@ssw0rd",
            "baseball1",
            "princess1",
        ] {
            assert!(is_refused(text).await, "{text}");
        }
    }

    #[tokio::test]
    async fn other_passwords_are_taken() {
        for text in [
            "correct horse battery staple",
            "  spaced  out  ",
            "пароль-на-вечер",
            "x7!kPq2z",
            "violet-otter-9",
        ] {
            assert!(!is_refused(text).await, "{text}");
        }
    }

    #[tokio::test]
    async fn a_password_is_compared_exactly_as_typed() {
        let password = Password::parse("password", " ünïcödé ßtraße ").unwrap();
        let stored = Some(hash(&password).await.unwrap());
        assert_eq!(
            verify(" ünïcödé ßtraße ", stored.clone()).await,
            Ok(Verdict::Right)
        );
        for other in [
            "ünïcödé ßtraße",
            " ünïcödé ßtrasse ",
            " Ünïcödé ßtraße ",
            "",
        ] {
            assert_eq!(verify(other, stored.clone()).await, Ok(Verdict::Wrong));
        }
        assert_eq!(verify("anything", None).await, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn a_hash_with_weaker_parameters_is_told_apart() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let stored = weak.hash_password(b"violet-otter-9").unwrap().to_string();
        assert_eq!(
            verify("violet-otter-9", Some(stored)).await,
            Ok(Verdict::RightButOutdated)
        );
    }
}

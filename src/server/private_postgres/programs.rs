//! Where this machine keeps the programs of Postgres.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest version that the schema works on.
const OLDEST: u32 = 15;

/// Folders that installers use and that are seldom on PATH; `*` stands for a version.
const USUAL: [(&str, &str, &str); 7] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/local", "pgsql", "bin"),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The installation (the folder above `bin`) to run: of the version that wrote the data, otherwise the newest.
/// `None` if the machine has none that fits: one is downloaded then.
pub(super) fn find(wanted: Option<u32>) -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = candidates()
        .filter_map(|bin| Some((version(&bin)?, bin)))
        .collect();
    found.sort();
    let fits = |version: u32| wanted.map_or(version >= OLDEST, |wanted| version == wanted);
    let (_, bin) = found.into_iter().rfind(|(version, _)| fits(*version))?;
    bin.parent().map(Path::to_owned)
}

fn candidates() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = env::split_paths(&path).collect();
    let usual = USUAL.into_iter().flat_map(|(folder, name, bin)| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .filter(move |entry| entry.file_name().to_string_lossy().starts_with(name))
            .map(move |entry| entry.path().join(bin))
    });
    on_path.into_iter().chain(usual).filter_map(real_folder)
}

/// What is on PATH can be links into the folder that has all of the programs.
fn real_folder(folder: PathBuf) -> Option<PathBuf> {
    let bin = folder
        .join("pg_ctl")
        .canonicalize()
        .ok()?
        .parent()?
        .to_owned();
    let is_complete = ["initdb", "pg_ctl", "postgres"]
        .iter()
        .all(|program| bin.join(program).is_file());
    (is_complete && bin.ends_with("bin")).then_some(bin)
}

/// The major version, from a line such as `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn version(bin: &Path) -> Option<u32> {
    let said = Command::new(bin.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    parse_version(&String::from_utf8_lossy(&said.stdout))
}

fn parse_version(line: &str) -> Option<u32> {
    let number = line
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_distributions_write_them() {
        for (line, version) in [
            (
                "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)",
                Some(15),
            ),
            ("postgres (PostgreSQL) 17.2", Some(17)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("postgres", None),
        ] {
            assert_eq!(parse_version(line), version, "{line}");
        }
    }
}

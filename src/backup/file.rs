//! The file: gzip around a line that says what follows, then each table in blocks with its sum, then an end.
//!
//! A block is its length in four bytes, the highest first, and as many bytes of what `COPY … TO STDOUT` says;
//! one of no length ends the table. Lines are JSON.

use std::{
    fmt,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::Path,
};

use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use super::{
    failure::{Failure, Result},
    taking,
};
use crate::{server::hex::hex, ui::words::counted};

/// The form of the file. It is raised when an older program could not read it.
pub const VERSION: u32 = 1;
const FORMAT: &str = "skateboard-backup";
/// As much of a table is gathered before it is written as a block.
const BLOCK: usize = 64 * 1024;
/// No row is longer, so no block is.
const LONGEST_BLOCK: usize = 64 * 1024 * 1024;
/// No line is longer.
const LONGEST_LINE: usize = 1024 * 1024;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub format: String,
    pub version: u32,
    /// The program that wrote it.
    pub skateboard: String,
    /// The database's clock when it was taken, in RFC 3339.
    pub taken_at: String,
    /// What the schema was made by, in order.
    pub migrations: Vec<AppliedMigration>,
    /// In an order in which every row comes after those that it points at.
    pub tables: Vec<Table>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedMigration {
    pub version: i64,
    /// In hexadecimal digits.
    pub checksum: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
}

/// The line after each table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sum {
    rows: u64,
    sha256: String,
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    tables: usize,
}

impl Head {
    pub fn new(taken_at: String, migrations: Vec<AppliedMigration>, tables: Vec<Table>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            skateboard: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at,
            migrations,
            tables,
        }
    }
}

/// What a backup came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub tables: usize,
    pub rows: u64,
}

impl fmt::Display for Taken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = counted(self.rows, "row", "rows");
        let tables = counted(self.tables, "table", "tables");
        write!(formatter, "{rows} of {tables}")
    }
}

/// Writes a backup into a file that only its owner may read, and that is there under its name only when it is whole.
///
/// # Errors
/// When there is such a file already, unless it is to be `overwritten`; when the file or the database does not do it.
pub async fn to_file(db: &PgPool, path: &Path, overwrite: bool) -> Result<Taken> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !overwrite && path.exists() {
        return Err(Failure::refused(format!(
            "{} is there already. Choose another name, or add --force to overwrite it",
            path.display()
        )));
    }
    let failed = Failure::with(path);
    let mut unfinished = tempfile::NamedTempFile::new_in(folder).map_err(&failed)?;
    let mut writer = Writer::new(BufWriter::new(unfinished.as_file_mut()), &failed);
    let taken = taking::take(db, &mut writer).await?;
    writer.finish()?;
    unfinished.as_file().sync_all().map_err(&failed)?;
    if overwrite {
        unfinished
            .persist(path)
            .map_err(|error| failed(error.error))?;
    } else {
        unfinished
            .persist_noclobber(path)
            .map_err(|error| failed(error.error))?;
    }
    // The name itself lasts only once its folder is on the disk.
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(&failed)?;
    Ok(taken)
}

/// Writes the parts of a backup, one after the other.
pub struct Writer<'a, W: Write> {
    to: GzEncoder<W>,
    failed: &'a dyn Fn(io::Error) -> Failure,
    block: Vec<u8>,
    sum: Sha256,
    rows: u64,
}

impl<'a, W: Write> Writer<'a, W> {
    pub fn new(to: W, failed: &'a dyn Fn(io::Error) -> Failure) -> Self {
        Self {
            to: GzEncoder::new(to, Compression::default()),
            failed,
            block: Vec::with_capacity(2 * BLOCK),
            sum: Sha256::new(),
            rows: 0,
        }
    }

    pub fn head(&mut self, head: &Head) -> Result<()> {
        self.line(head)
    }

    /// Adds what Postgres says of a table.
    pub fn data(&mut self, data: &[u8]) -> Result<()> {
        self.sum.update(data);
        self.rows += rows_in(data);
        self.block.extend_from_slice(data);
        if self.block.len() >= BLOCK {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Ends a table and gives the number of its rows.
    pub fn end_table(&mut self) -> Result<u64> {
        if !self.block.is_empty() {
            self.flush()?;
        }
        self.flush()?;
        let rows = std::mem::take(&mut self.rows);
        let sha256 = hex(&self.sum.finalize_reset());
        self.line(&Sum { rows, sha256 })?;
        Ok(rows)
    }

    pub fn end(&mut self, tables: usize) -> Result<()> {
        self.line(&End { tables })
    }

    /// Writes what is left.
    pub fn finish(self) -> Result<()> {
        let mut to = self.to.finish().map_err(self.failed)?;
        to.flush().map_err(self.failed)
    }

    /// Writes what was gathered as a block; nothing is the end of a table.
    fn flush(&mut self) -> Result<()> {
        let length = u32::try_from(self.block.len())
            .ok()
            .filter(|_| self.block.len() <= LONGEST_BLOCK)
            .ok_or_else(|| Failure::refused("a row is too long for a backup"))?;
        self.to
            .write_all(&length.to_be_bytes())
            .map_err(self.failed)?;
        self.to.write_all(&self.block).map_err(self.failed)?;
        self.block.clear();
        Ok(())
    }

    fn line(&mut self, line: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(line).map_err(|error| (self.failed)(error.into()))?;
        line.push(b'\n');
        self.to.write_all(&line).map_err(self.failed)
    }
}

/// Reads the parts of a backup in the same order, and does not believe one of them.
pub struct Reader {
    from: BufReader<GzDecoder<BufReader<File>>>,
    pub head: Head,
    sum: Sha256,
    rows: u64,
}

impl Reader {
    /// Opens a backup and reads its first line.
    ///
    /// # Errors
    /// When there is no such file, when it is no backup, or one that only a newer program can read.
    pub fn open(path: &Path) -> Result<Self> {
        if fs::metadata(path).map_err(Failure::with(path))?.is_dir() {
            return Err(Failure::refused(format!("{} is a folder", path.display())));
        }
        let file = File::open(path).map_err(Failure::with(path))?;
        let mut from = BufReader::new(GzDecoder::new(BufReader::new(file)));
        let no_backup =
            || Failure::refused(format!("{} is no backup of Skateboard", path.display()));
        let first: serde_json::Value = line(&mut from).map_err(|_| no_backup())?;
        if first["format"] != FORMAT {
            return Err(no_backup());
        }
        match first["version"].as_u64() {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) if version > u64::from(VERSION) => {
                return Err(Failure::refused(format!(
                    "{} was written by skateboard {}, which is newer than this one. Restore it with that",
                    path.display(),
                    first["skateboard"].as_str().unwrap_or("of another version"),
                )));
            }
            _ => return Err(no_backup()),
        }
        let head = serde_json::from_value(first).map_err(|_| Failure::damaged("its first line"))?;
        Ok(Self {
            from,
            head,
            sum: Sha256::new(),
            rows: 0,
        })
    }

    /// The next block of the table, or `None` at its end, whose rows and sum were compared then.
    pub fn block(&mut self, table: &str) -> Result<Option<Vec<u8>>> {
        let damaged =
            |_: io::Error| Failure::damaged(format!("it breaks off in the table {table}"));
        let mut length = [0; 4];
        self.from.read_exact(&mut length).map_err(damaged)?;
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 {
            let sum: Sum = line(&mut self.from)?;
            let rows = std::mem::take(&mut self.rows);
            if sum.rows != rows || sum.sha256 != hex(&self.sum.finalize_reset()) {
                return Err(Failure::damaged(format!(
                    "the table {table} is not what was written"
                )));
            }
            return Ok(None);
        }
        if length > LONGEST_BLOCK {
            return Err(Failure::damaged(format!(
                "a block of the table {table} is too long"
            )));
        }
        let mut block = vec![0; length];
        self.from.read_exact(&mut block).map_err(damaged)?;
        self.sum.update(&block);
        self.rows += rows_in(&block);
        Ok(Some(block))
    }

    /// Reads the end, behind the last table.
    pub fn end(&mut self) -> Result<()> {
        let end: End = line(&mut self.from)?;
        let mut more = [0; 1];
        // What was compressed has to end here, and the file with it.
        let ends = matches!(self.from.read(&mut more), Ok(0))
            && matches!(self.from.get_mut().get_mut().read(&mut more), Ok(0));
        if end.tables != self.head.tables.len() || !ends {
            return Err(Failure::damaged("its end"));
        }
        Ok(())
    }
}

/// A row of Postgres's text format ends with a line feed, and those inside it are written in another way.
fn rows_in(data: &[u8]) -> u64 {
    data.iter().filter(|byte| **byte == b'\n').count() as u64
}

fn line<T: DeserializeOwned>(from: &mut impl io::BufRead) -> Result<T> {
    let mut text = Vec::new();
    let limit = LONGEST_LINE as u64;
    io::BufRead::read_until(&mut from.take(limit), b'\n', &mut text)
        .map_err(|_| Failure::damaged("it breaks off"))?;
    serde_json::from_slice(&text).map_err(|_| Failure::damaged("a line in it"))
}

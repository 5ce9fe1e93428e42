//! Tables that other programs wrote: how they are separated, encoded and headed is found out by looking.

mod rows;

pub use rows::{TableChoices, check, make};

use std::io::{self, BufReader, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{
    model::{Meaning, TableColumn},
    reading::{At, Stored},
    text,
};
use crate::error::{Error, Result};

/// Tables are for what people keep by hand: larger ones are refused, and so are wider ones.
const MOST_BYTES: usize = 20 * 1024 * 1024;
const MOST_COLUMNS: usize = 100;
/// What is looked at to find out how a table is written.
const SAMPLE: usize = 256 * 1024;
const SEPARATORS: [(u8, &str); 4] = [
    (b',', "commas"),
    (b';', "semicolons"),
    (b'\t', "tabs"),
    (b'|', "bars"),
];

/// A table that was looked at.
#[derive(Clone, Debug)]
pub struct Table {
    encoding: &'static Encoding,
    separator: (u8, &'static str),
    pub has_header: bool,
    pub columns: Vec<TableColumn>,
    /// The first rows, with the header.
    pub first: Vec<Vec<String>>,
    /// All rows, with the header.
    pub rows: usize,
}

impl Table {
    /// How it is written, in words.
    pub fn read_as(&self) -> String {
        format!(
            "{}, separated by {}",
            self.encoding.name(),
            self.separator.1
        )
    }

    /// Its rows one after the other, with the header.
    fn open(&self, file: &Stored) -> csv::Reader<Decoded> {
        open(file, self.encoding, self.separator.0)
    }
}

/// Whether a file begins like an object or a list of JSON.
pub fn begins_like_json(file: &Stored) -> bool {
    let mut bytes = BufReader::new(file.open()).bytes();
    let first = bytes.find_map(|byte| byte.ok().filter(|byte| !byte.is_ascii_whitespace()));
    matches!(first, Some(b'{' | b'['))
}

/// Looks at a table.
///
/// # Errors
/// A field error on `file` when it is none.
pub fn look(file: &Stored) -> Result<Table> {
    let mut sample = Vec::with_capacity(SAMPLE);
    file.open()
        .take(SAMPLE as u64)
        .read_to_end(&mut sample)
        .map_err(|error| refused(error.to_string()))?;
    let encoding = encoding_of(file, &sample)?;
    if is_binary(&sample, encoding) {
        return Err(refused("it is no text".to_owned()));
    }
    let separator = separator_of(file, encoding);
    let mut first: Vec<Vec<String>> = Vec::new();
    let (mut rows, mut width) = (0, 0);
    for record in open(file, encoding, separator.0).into_records() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        rows += 1;
        width = record.len().max(width);
        if first.len() < 6 {
            first.push(
                record
                    .iter()
                    .map(|cell| text::line(cell, 120, "").0)
                    .collect(),
            );
        }
    }
    if rows == 0 || first.iter().flatten().all(String::is_empty) {
        return Err(refused("there is no row in it".to_owned()));
    }
    if width > MOST_COLUMNS {
        return Err(refused(format!("it has more than {MOST_COLUMNS} columns")));
    }
    let head = first.first().cloned().unwrap_or_default();
    let has_header = head.iter().any(|name| meaning_of(name) != Meaning::Nothing);
    Ok(Table {
        encoding,
        separator,
        has_header,
        columns: columns(&head, width, has_header),
        first,
        rows,
    })
}

/// Whether more than one character in a hundred is one that no text has.
fn is_binary(sample: &[u8], encoding: &'static Encoding) -> bool {
    let (text, ..) = encoding.decode(sample);
    let strange = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'));
    strange.count() * 100 > text.chars().count()
}

fn refused(why: String) -> Error {
    Error::field(
        "file",
        format!("This file cannot be imported as a table: {why}."),
    )
}

fn columns(head: &[String], width: usize, has_header: bool) -> Vec<TableColumn> {
    let mut taken = Vec::new();
    let columns = (0..width).map(|index| {
        let name = head.get(index).cloned().unwrap_or_default();
        let mut meaning = match has_header {
            true => meaning_of(&name),
            false if index == 0 => Meaning::Title,
            false => Meaning::Nothing,
        };
        // Each field once.
        if meaning != Meaning::Nothing && taken.contains(&meaning) {
            meaning = Meaning::Nothing;
        }
        taken.push(meaning);
        TableColumn {
            field: format!("c{index}"),
            name: match has_header && !name.is_empty() {
                true => name,
                false => format!("Column {}", index + 1),
            },
            meaning,
        }
    });
    columns.collect()
}

/// What a column is taken for by its name.
fn meaning_of(name: &str) -> Meaning {
    const NAMES: &[(Meaning, &[&str])] = &[
        (
            Meaning::Title,
            &[
                "title",
                "name",
                "summary",
                "task",
                "card name",
                "task name",
                "subject",
                "titel",
                "aufgabe",
                "titre",
            ],
        ),
        (
            Meaning::Description,
            &[
                "description",
                "desc",
                "notes",
                "details",
                "body",
                "card description",
                "beschreibung",
            ],
        ),
        (
            Meaning::Column,
            &[
                "column",
                "status",
                "state",
                "list",
                "list name",
                "section/column",
                "stage",
                "spalte",
            ],
        ),
        (
            Meaning::Assignee,
            &[
                "assignee",
                "assigned to",
                "owner",
                "responsible",
                "members",
                "assignee email",
                "zuständig",
            ],
        ),
        (
            Meaning::DueOn,
            &[
                "due",
                "due date",
                "due on",
                "due_on",
                "deadline",
                "fällig",
                "fällig am",
            ],
        ),
        (Meaning::Priority, &["priority", "priorität"]),
        (Meaning::Labels, &["labels", "label", "tags", "tag"]),
        (
            Meaning::CreatedAt,
            &[
                "created",
                "created at",
                "created_at",
                "created on",
                "creation date",
                "erstellt",
            ],
        ),
    ];
    let name = name.trim().to_lowercase();
    let known = NAMES
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()));
    known.map_or(Meaning::Nothing, |(meaning, _)| *meaning)
}

fn encoding_of(file: &Stored, sample: &[u8]) -> Result<&'static Encoding> {
    // A mark of UTF-8 was passed over when the file was opened.
    if let Some((marked, _)) = Encoding::for_bom(sample) {
        return Ok(marked);
    }
    let zeros = |from: usize| {
        sample
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    if zeros(1) * 3 > sample.len() {
        return Ok(UTF_16LE);
    }
    if zeros(0) * 3 > sample.len() {
        return Ok(UTF_16BE);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut is_utf8 = true;
    let mut rest = file.open();
    let mut buffer = vec![0; 64 * 1024];
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let mut sink = vec![0; 256 * 1024];
    let mut total = 0;
    loop {
        let count = rest
            .read(&mut buffer)
            .map_err(|error| refused(error.to_string()))?;
        total += count;
        if total > MOST_BYTES {
            return Err(refused("a table has up to 20 MB".to_owned()));
        }
        detector.feed(&buffer[..count], count == 0);
        let (_, _, _, bad) = decoder.decode_to_utf8(&buffer[..count], &mut sink, count == 0);
        is_utf8 &= !bad;
        if count == 0 {
            break;
        }
    }
    Ok(match is_utf8 {
        true => UTF_8,
        false => detector.guess(None, Utf8Detection::Deny),
    })
}

/// The separator by which the most rows at the beginning have the same number of cells.
fn separator_of(file: &Stored, encoding: &'static Encoding) -> (u8, &'static str) {
    let score = |separator: u8| {
        let widths: Vec<usize> = open(file, encoding, separator)
            .into_records()
            .take(30)
            .map_while(Result::ok)
            .map(|record| record.len())
            .collect();
        let usual = |width: usize| widths.iter().filter(|other| **other == width).count();
        let width = widths.first().copied().unwrap_or_default();
        match width {
            0 | 1 => 0,
            _ => usual(width) * 1_000 / widths.len() * 100 + width.min(99),
        }
    };
    SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|(separator, _)| score(*separator))
        .unwrap_or(SEPARATORS[0])
}

fn open(file: &Stored, encoding: &'static Encoding, separator: u8) -> csv::Reader<Decoded> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(Decoded::new(file.open(), encoding))
}

/// The text of a file as UTF-8.
struct Decoded {
    inner: At,
    decoder: Decoder,
    ready: Vec<u8>,
    place: usize,
    ended: bool,
}

impl Decoded {
    fn new(inner: At, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            ready: Vec::new(),
            place: 0,
            ended: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut raw = [0; 16 * 1024];
        let count = self.inner.read(&mut raw)?;
        self.ended = count == 0;
        let room = self
            .decoder
            .max_utf8_buffer_length(count)
            .unwrap_or(64 * 1024);
        self.ready.resize(room, 0);
        let (_, _, written, _) =
            self.decoder
                .decode_to_utf8(&raw[..count], &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.place = 0;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.place == self.ready.len() && !self.ended {
            self.fill()?;
        }
        let rest = &self.ready[self.place..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.place += count;
        Ok(count)
    }
}

/// The line that a row begins at.
fn line_of(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

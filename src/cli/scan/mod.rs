//! `remise scan`: the codes of photos, as the desk's page would read them.
//!
//! - [`words`]: what was read, for people
//! - [`annotate`]: outlines and texts on the picture

mod annotate;
mod words;

use super::say;
use crate::operations::Invalid;
use crate::operations::read_image::Decoders;
use crate::operations::scan_photo::{ScannedPhoto, scan_photo};
use clap::Args;
use serde::Serialize;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use words::{escaped, visible};

#[derive(Args)]
#[command(after_help = "\
Exit codes: 0 codes were found in every picture, 1 there are none in some, 2 a file could not be \
read, an annotated picture could not be written, or the command itself was wrong.")]
pub struct Options {
    /// Photos: JPEG, PNG, WebP or HEIC, up to 50 megapixels.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print one JSON document: an array with what was read in each file, or why it was not.
    #[arg(long)]
    json: bool,
    /// Write the picture with each code outlined, numbered and read out: PNG, JPEG or WebP by
    /// its name. With several files -1, -2… goes before the ending, by the file's place in the
    /// command. A picture of more than 2400 pixels is reduced.
    #[arg(long, value_name = "OUT")]
    annotate: Option<PathBuf>,
}

/// A file and what came of it.
#[derive(Serialize)]
struct Scanned {
    file: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    photo: Option<ScannedPhoto>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Unread>,
}

/// Why a file was not read.
#[derive(Serialize)]
struct Unread {
    code: &'static str,
    sentence: String,
}

const NONE_FOUND: u8 = 1;
const UNREADABLE: u8 = 2;
/// No photo of 50 megapixels is longer.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

pub async fn run(options: &Options) -> ExitCode {
    let outs = outs(options);
    if let Some(why) = outs.iter().flatten().find_map(|out| annotate::refuse(out, &options.files)) {
        return super::fail_with(&why, UNREADABLE);
    }
    let decoders = Decoders::default();
    let (mut all, mut status) = (Vec::new(), 0);
    for (path, out) in options.files.iter().zip(outs) {
        let (scanned, unwritten) = one(&decoders, path, out.as_deref()).await;
        status = status.max(scanned.status());
        if let Some(why) = unwritten {
            super::fail_with(&why, UNREADABLE);
            status = UNREADABLE;
        }
        if options.json {
            all.push(scanned);
        } else {
            say(&words::tell(&scanned));
        }
    }
    if options.json {
        match serde_json::to_string_pretty(&all) {
            Ok(json) => say(&escaped(&json)),
            Err(why) => return super::fail_with(&why.to_string(), UNREADABLE),
        }
    }
    ExitCode::from(status)
}

/// Reads a file; with `out`, also draws on it. The second is why nothing was drawn.
async fn one(decoders: &Decoders, path: &Path, out: Option<&Path>) -> (Scanned, Option<String>) {
    let file = path.display().to_string();
    let bytes = match read(path) {
        Ok(bytes) => Arc::new(bytes),
        Err(error) => return (Scanned { file, photo: None, error: Some(error) }, None),
    };
    let photo = {
        let bytes = Arc::clone(&bytes);
        decoders.run(move || scan_photo(&bytes)).await
    };
    let photo = match photo {
        Ok(Some(Ok(photo))) => photo,
        Ok(Some(Err(why))) => return (Scanned { file, photo: None, error: Some(why.into()) }, None),
        // A panic in decoding, or the runtime is going down.
        Ok(None) | Err(_) => {
            let error =
                Unread { code: "not_a_picture", sentence: "Cette image n'a pas pu être lue.".into() };
            return (Scanned { file, photo: None, error: Some(error) }, None);
        }
    };
    let unwritten = out.and_then(|out| {
        annotate::write(&bytes, &photo, out)
            .err()
            .map(|why| format!("{} n'a pas pu être écrit : {why}", visible(&out.display().to_string())))
    });
    (Scanned { file, photo: Some(photo), error: None }, unwritten)
}

fn read(path: &Path) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    match file {
        Ok(_) if u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_BYTES) => Ok(bytes),
        Ok(_) => Err(Unread {
            code: "file_too_large",
            sentence: "Le fichier dépasse 256 Mio : ce n'est pas une photo.".into(),
        }),
        Err(why) => Err(Unread { code: "file_unreadable", sentence: unopened(&why) }),
    }
}

fn unopened(why: &io::Error) -> String {
    match why.kind() {
        ErrorKind::NotFound => "Ce fichier n'existe pas.".into(),
        ErrorKind::IsADirectory => "C'est un dossier, pas une photo.".into(),
        ErrorKind::PermissionDenied => "Vous n'avez pas le droit de lire ce fichier.".into(),
        _ => format!("Ce fichier ne se lit pas : {why}."),
    }
}

/// The annotated picture of each file.
fn outs(options: &Options) -> Vec<Option<PathBuf>> {
    let only = options.files.len() == 1;
    let out =
        |number| options.annotate.as_deref().map(|out| if only { out.into() } else { numbered(out, number) });
    (1..=options.files.len()).map(out).collect()
}

/// `codes.png` with 2 is `codes-2.png`.
fn numbered(out: &Path, number: usize) -> PathBuf {
    let mut name = out.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(ending) = out.extension() {
        name.push(".");
        name.push(ending);
    }
    out.with_file_name(name)
}

impl Scanned {
    fn status(&self) -> u8 {
        match &self.photo {
            None => UNREADABLE,
            Some(photo) if photo.readings.is_empty() => NONE_FOUND,
            Some(_) => 0,
        }
    }
}

impl From<Invalid> for Unread {
    fn from(why: Invalid) -> Self {
        Self { code: why.code, sentence: format!("{} {}", why.detail, why.remedy) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_pictures_are_numbered() {
        assert_eq!(numbered(Path::new("out/codes.png"), 2), Path::new("out/codes-2.png"));
        assert_eq!(numbered(Path::new("a.b.jpg"), 10), Path::new("a.b-10.jpg"));
    }
}

//! Tables whose columns somebody names: what they hold, and which layouts the school remembers.

use super::upload::Upload;
use crate::db::imports::layouts;
use crate::db::{Db, Fault, Scope};
use crate::operations::Failure;
use domain::ids::EstablishmentId;
use domain::rows::FileKind;
use importers::Refused;
use importers::mapping::{self, Layout, Need, Preview};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a file is, before anything is done with it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LookedAt {
    /// A word; absent when the file is none that we know, or a table.
    pub kind: Option<&'static str>,
    /// French.
    pub kind_label: Option<&'static str>,
    /// Of a table: what somebody needs for naming its columns.
    pub table: Option<TableCard>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableCard {
    pub sheets: Vec<SheetCard>,
    /// What a table may be.
    pub kinds: Vec<TableKind>,
    /// What the school has said of this layout before, or else the surest guess.
    pub proposed: Option<LayoutCard>,
    /// The proposal is what the school has said before.
    pub remembered: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetCard {
    /// Empty for a CSV.
    pub name: String,
    /// The row of the titles, from 1; 0 when there is none.
    pub header_row: u32,
    pub columns: Vec<ColumnCard>,
    /// For each kind that the sheet could be: the column of each field, from 0.
    pub guesses: BTreeMap<String, BTreeMap<String, usize>>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ColumnCard {
    pub title: String,
    pub examples: Vec<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableKind {
    pub kind: &'static str,
    /// French.
    pub label: &'static str,
    pub fields: Vec<FieldCard>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldCard {
    pub key: &'static str,
    /// French.
    pub label: &'static str,
    /// `yes`, `one_of` (one of those so marked) or `no`.
    pub need: &'static str,
}

/// Which column is which field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayoutCard {
    pub kind: String,
    pub sheet: String,
    pub header_row: u32,
    pub columns: BTreeMap<String, usize>,
}

impl LayoutCard {
    fn of(layout: &Layout) -> Self {
        let Layout { kind, sheet, header_row, columns } = layout.clone();
        Self { kind: kind.as_str().to_owned(), sheet, header_row, columns }
    }

    /// The layout, when its kind is one that a table may be.
    fn layout(self) -> Option<Layout> {
        let kind = FileKind::parse(&self.kind).filter(|kind| mapping::KINDS.contains(kind))?;
        Some(Layout { kind, sheet: self.sheet, header_row: self.header_row, columns: self.columns })
    }
}

/// Says what the file is and, of a table, what it holds. Nothing of it is kept.
pub async fn look(db: &Db, school: EstablishmentId, upload: Upload) -> Result<LookedAt, Failure> {
    if !upload.is_unmapped() {
        let kind = upload.kind()?;
        return Ok(LookedAt { kind: Some(kind.as_str()), kind_label: Some(kind.label()), table: None });
    }
    let (_, preview) = previewed(upload).await?;
    let known = remembered(db, school, &preview).await?;
    let guessed = preview.sheets.iter().find_map(|sheet| {
        let guess = sheet.guesses.first()?;
        Some(Layout {
            kind: guess.kind,
            sheet: sheet.name.clone(),
            header_row: sheet.header_row,
            columns: guess.columns.clone(),
        })
    });
    let table = TableCard {
        remembered: known.is_some(),
        proposed: known.or(guessed).as_ref().map(LayoutCard::of),
        kinds: mapping::KINDS.into_iter().map(kind).collect(),
        sheets: preview.sheets.into_iter().map(sheet).collect(),
    };
    Ok(LookedAt { kind: None, kind_label: None, table: Some(table) })
}

fn sheet(sheet: mapping::Sheet) -> SheetCard {
    let guesses = sheet.guesses.into_iter().map(|guess| (guess.kind.as_str().to_owned(), guess.columns));
    let column = |column: mapping::Column| ColumnCard { title: column.title, examples: column.examples };
    SheetCard {
        name: sheet.name,
        header_row: sheet.header_row,
        columns: sheet.columns.into_iter().map(column).collect(),
        guesses: guesses.collect(),
    }
}

fn kind(kind: FileKind) -> TableKind {
    let field = |field: &mapping::Field| FieldCard {
        key: field.key,
        label: field.label,
        need: match field.need {
            Need::Yes => "yes",
            Need::OneOf => "one_of",
            Need::No => "no",
        },
    };
    let fields = mapping::fields(kind).iter().map(field).collect();
    TableKind { kind: kind.as_str(), label: kind.label(), fields }
}

/// The layout that the school has said of one of the sheets.
async fn remembered(db: &Db, school: EstablishmentId, preview: &Preview) -> Result<Option<Layout>, Failure> {
    let prints: Vec<&str> = preview.sheets.iter().map(|sheet| sheet.fingerprint.as_str()).collect();
    let found = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(layouts::of_fingerprints(conn, school, &prints).await?)
        })
        .await?;
    let known = found.and_then(|(print, layout)| {
        let layout = serde_json::from_value::<LayoutCard>(layout).ok()?.layout()?;
        let sheet = preview.sheets.iter().find(|sheet| sheet.fingerprint == print)?;
        Some(layout.moved_to(sheet))
    });
    Ok(known)
}

/// The same table, read as the school has said before, when it has; any other file as it is.
pub async fn as_before(db: &Db, school: EstablishmentId, upload: Upload) -> Result<Upload, Failure> {
    if !upload.is_unmapped() {
        return Ok(upload);
    }
    let (upload, preview) = previewed(upload).await?;
    Ok(match remembered(db, school, &preview).await? {
        Some(layout) => upload.with_layout(layout),
        None => upload,
    })
}

/// Reads the table by these columns, and remembers them for the next of its layout.
pub async fn as_said(
    db: &Db,
    school: EstablishmentId,
    upload: Upload,
    layout: LayoutCard,
) -> Result<Upload, Failure> {
    let layout = layout.layout().ok_or_else(|| {
        let remedy = "Choisissez d'abord ce que contient le tableau.";
        Refused::new("kind_of_table_unknown", "Un tableau de ce genre n'existe pas.", remedy)
    })?;
    let (upload, preview) = previewed(upload).await?;
    let sheet = preview.sheets.iter().find(|sheet| sheet.name == layout.sheet);
    if let Some(sheet) = sheet.filter(|_| layout.missing().is_empty()) {
        let card = serde_json::to_value(LayoutCard::of(&layout)).map_err(|e| Fault::Other(e.to_string()))?;
        db.transaction(Scope::School(school), async |conn| {
            Ok::<_, Failure>(layouts::remember(conn, school, &sheet.fingerprint, &card).await?)
        })
        .await?;
    }
    Ok(upload.with_layout(layout))
}

async fn previewed(upload: Upload) -> Result<(Upload, Preview), Failure> {
    let looking = tokio::task::spawn_blocking(move || upload.previewed());
    Ok(looking.await.map_err(|error| Fault::Other(error.to_string()))??)
}

//! Tables in a zip: a workbook, which is one, or the only file of an archive.

use super::csv::{self, Text};
use super::{Extent, MOST_INNER_BYTES, Rows, biff, budget, not_a_table, ods, open_inner, protected, xlsx};
use crate::xml::{self, Elements};
use crate::{MOST_BYTES, Refused, archive};
use std::io::{Read, Seek};
use zip::ZipArchive;

/// A text that is a file.
pub struct Plain<R>(pub R);

impl<R: Read + Seek> Text for Plain<R> {
    fn pass(&mut self, take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Refused>) -> Result<(), Refused> {
        self.0.rewind().map_err(|_| not_a_table())?;
        take(&mut self.0)
    }
}

/// A text that is an entry of an archive.
struct Entry<'a, R> {
    archive: &'a mut ZipArchive<R>,
    index: usize,
}

impl<R: Read + Seek> Text for Entry<'_, R> {
    fn pass(&mut self, take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Refused>) -> Result<(), Refused> {
        let entry = self.archive.by_index(self.index).map_err(|_| archive::broken())?;
        let packed = entry.compressed_size();
        take(&mut archive::Bounded::new(entry, packed, MOST_BYTES))
    }
}

/// Reads a workbook, or the table that is the one useful entry of an archive.
pub fn read<R: Read + Seek>(source: R, rows: &mut dyn Rows, extent: Extent) -> Result<(), Refused> {
    let mut archive = archive::open(source)?;
    if let Some(format) = Format::of(&archive) {
        return format.read(archive, rows, extent);
    }
    let index = archive::only_entry(&mut archive)?;
    let announced = archive.by_index(index).map_err(|_| archive::broken())?.size();
    let room = usize::try_from(announced.min(MOST_INNER_BYTES)).unwrap_or(0);
    let mut entry = Entry { archive: &mut archive, index };
    let mut inner = None;
    entry.pass(&mut |input| {
        let mut bytes = Vec::new();
        let broken = |error: &std::io::Error| archive::refusal(error).unwrap_or_else(archive::broken);
        input.take(8).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        if bytes.starts_with(archive::SIGNATURE) || bytes.starts_with(biff::SIGNATURE) {
            // Room for all at once: what grows is held twice.
            bytes.reserve_exact(room);
            input.take(MOST_INNER_BYTES + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
            if u64::try_from(bytes.len()).is_ok_and(|count| count > MOST_INNER_BYTES) {
                return Err(archive::too_large());
            }
            inner = Some(std::mem::take(&mut bytes));
        }
        Ok(())
    })?;
    match inner {
        Some(bytes) => open_inner(bytes, rows, extent),
        None => csv::read(&mut entry, rows, extent),
    }
}

/// Reads a workbook alone: an archive within an archive is none.
pub fn read_workbook<R: Read + Seek>(source: R, rows: &mut dyn Rows, extent: Extent) -> Result<(), Refused> {
    let archive = archive::open(source)?;
    Format::of(&archive).ok_or_else(not_a_table)?.read(archive, rows, extent)
}

#[derive(Clone, Copy)]
enum Format {
    Xlsx,
    Xlsb,
    Ods,
}

impl Format {
    fn of<R: Read + Seek>(archive: &ZipArchive<R>) -> Option<Self> {
        let has = |wanted: &str| place(archive, wanted).is_some();
        if has("xl/workbook.bin") {
            Some(Format::Xlsb)
        } else if has("[Content_Types].xml") || has("xl/workbook.xml") {
            Some(Format::Xlsx)
        } else {
            (has("content.xml") && has("mimetype")).then_some(Format::Ods)
        }
    }

    fn read<R: Read + Seek>(
        self,
        archive: ZipArchive<R>,
        rows: &mut dyn Rows,
        extent: Extent,
    ) -> Result<(), Refused> {
        let package = Package { archive, left: MOST_UNPACKED, head: extent.head };
        match self {
            Format::Xlsx => xlsx::read(package, rows, extent),
            Format::Ods => ods::read(package, rows, extent),
            Format::Xlsb => Err(Refused::new(
                "binary_workbook",
                "Ce classeur est au format binaire d'Excel (.xlsb).",
                "Ouvrez-le, enregistrez-le en .xlsx, puis déposez-le.",
            )),
        }
    }
}

/// The entry of that name, whatever its case: some writers are not strict.
fn place<R: Read + Seek>(archive: &ZipArchive<R>, wanted: &str) -> Option<usize> {
    archive.index_for_name(wanted).or_else(|| {
        (0..archive.len()).find(|index| {
            let name = archive.name_for_index(*index).and_then(Result::ok);
            name.is_some_and(|name| name.replace('\\', "/").eq_ignore_ascii_case(wanted))
        })
    })
}

/// Bytes of a workbook once unpacked.
const MOST_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Bytes of a part that are unpacked when the head alone is wanted.
const HEAD_UNPACKED: u64 = 1024 * 1024;

/// A workbook made of XML parts.
pub struct Package<R> {
    archive: ZipArchive<R>,
    left: u64,
    head: bool,
}

impl<R: Read + Seek> Package<R> {
    /// Reads a part; whether there is one of that name. `elements` may say that it is [`enough`].
    pub fn part(&mut self, name: &str, elements: &mut dyn Elements) -> Result<bool, Refused> {
        let Some(index) = place(&self.archive, name) else { return Ok(false) };
        let entry = self.archive.by_index(index).map_err(|_| archive::broken())?;
        let packed = entry.compressed_size();
        let told = if self.head {
            match xml::stream(entry.take(HEAD_UNPACKED), elements) {
                // The part goes on behind what is looked at.
                Err(refused) if refused.code == "xml_broken" => Ok(()),
                told => told,
            }
        } else {
            let mut entry = archive::Bounded::new(entry, packed, self.left);
            let told = xml::stream(&mut entry, elements);
            self.left = self.left.saturating_sub(entry.seen());
            told
        };
        match told {
            Ok(()) => Ok(true),
            Err(refused) if refused == budget::enough() => Ok(true),
            Err(refused) if refused.code.starts_with("xml_") || refused.code == "entities" => {
                Err(not_a_table())
            }
            Err(refused) => Err(refused),
        }
    }

    /// Refuses a workbook whose parts are encrypted, as its manifest says.
    pub fn refuse_protected(&mut self) -> Result<(), Refused> {
        struct Manifest(bool);
        impl Elements for Manifest {
            fn open(&mut self, name: &str, _: &quick_xml::events::BytesStart<'_>) -> Result<(), Refused> {
                self.0 |= name == "encryption-data";
                Ok(())
            }

            fn text(&mut self, _: &str) {}

            fn close(&mut self) -> Result<(), Refused> {
                Ok(())
            }
        }
        let mut manifest = Manifest(false);
        self.part("META-INF/manifest.xml", &mut manifest)?;
        if manifest.0 { Err(protected()) } else { Ok(()) }
    }
}

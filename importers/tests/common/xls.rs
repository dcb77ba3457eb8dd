//! Writes small XLS files of Excel 97, as Apache POI and Excel do: what the tests read must have been
//! made by something else than the reader.

/// A value of a cell.
#[derive(Clone)]
pub enum Value {
    Shared(&'static str),
    /// A text of its own, without the table of shared texts.
    Label(&'static str),
    Number(f64),
    /// A number whose format shows a date.
    Date(f64),
    /// A whole number of 30 bits.
    Rk(i32),
    Error(u8),
    Bool(bool),
    /// A formula whose result is a text.
    Formula(&'static str),
}

pub struct Sheet {
    pub name: &'static str,
    pub hidden: bool,
    pub cells: Vec<(u16, u16, Value)>,
}

impl Sheet {
    /// Texts from the first row and column.
    pub fn of_texts(name: &'static str, rows: &[&[&'static str]]) -> Self {
        let cell = |(row, column, text): (u16, u16, &&'static str)| (row, column, Value::Shared(text));
        let cells = (0..)
            .zip(rows)
            .flat_map(|(row, texts)| (0..).zip(*texts).map(move |(column, text)| cell((row, column, text))));
        Self { name, hidden: false, cells: cells.collect() }
    }
}

#[derive(Default)]
pub struct Options {
    pub from_1904: bool,
    /// Bytes of a record of shared texts before it is continued.
    pub part: Option<usize>,
    /// No filler behind the stream: it is then in small sectors.
    pub small: bool,
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

fn wide(text: &str) -> (Vec<u8>, u16) {
    let units: Vec<u16> = text.encode_utf16().collect();
    (units.iter().flat_map(|unit| unit.to_le_bytes()).collect(), u16::try_from(units.len()).unwrap())
}

/// Length, flags and characters of one or two bytes.
fn long_text(text: &str) -> Vec<u8> {
    if let Ok(bytes) = text.chars().map(u8::try_from).collect::<Result<Vec<u8>, _>>() {
        return [&u16::try_from(bytes.len()).unwrap().to_le_bytes(), &[0][..], &bytes].concat();
    }
    let (bytes, count) = wide(text);
    [&count.to_le_bytes(), &[1][..], &bytes].concat()
}

/// The shared texts, cut into parts wherever the length says, also within a text.
fn shared(texts: &[&str], part: usize) -> Vec<u8> {
    let count = u32::try_from(texts.len()).unwrap().to_le_bytes();
    let mut parts = vec![[count, count].concat()];
    for text in texts {
        let (bytes, count) = wide(text);
        let head = [&count.to_le_bytes()[..], &[1]].concat();
        if parts.last().unwrap().len() + head.len() > part {
            parts.push(Vec::new());
        }
        parts.last_mut().unwrap().extend(head);
        for unit in bytes.chunks(2) {
            if parts.last().unwrap().len() + 2 > part {
                parts.push(vec![1]);
            }
            parts.last_mut().unwrap().extend(unit);
        }
    }
    parts
        .iter()
        .enumerate()
        .flat_map(|(at, data)| record(if at == 0 { 0x00FC } else { 0x003C }, data))
        .collect()
}

/// The stream of records.
pub fn stream(sheets: &[Sheet], options: &Options) -> Vec<u8> {
    let bof = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0xDB, 0x20, 0xCC, 7, 0, 0, 0, 0, 6, 0, 0, 0]);
    let mut texts: Vec<&str> = Vec::new();
    for (_, _, value) in sheets.iter().flat_map(|sheet| &sheet.cells) {
        if let Value::Shared(text) = value
            && !texts.contains(text)
        {
            texts.push(text);
        }
    }
    let body = |sheet: &Sheet| -> Vec<u8> {
        let mut bytes = bof(0x10);
        for (row, column, value) in &sheet.cells {
            let place =
                |format: u16| [row.to_le_bytes(), column.to_le_bytes(), format.to_le_bytes()].concat();
            bytes.extend(match value {
                Value::Shared(text) => {
                    let index = u32::try_from(texts.iter().position(|known| known == text).unwrap()).unwrap();
                    record(0x00FD, &[&place(0)[..], &index.to_le_bytes()].concat())
                }
                Value::Label(text) => record(0x0204, &[place(0), long_text(text)].concat()),
                Value::Number(number) => record(0x0203, &[&place(0)[..], &number.to_le_bytes()].concat()),
                Value::Date(number) => record(0x0203, &[&place(1)[..], &number.to_le_bytes()].concat()),
                Value::Rk(number) => {
                    record(0x027E, &[&place(0)[..], &(number << 2 | 2).to_le_bytes()].concat())
                }
                Value::Error(code) => record(0x0205, &[&place(0)[..], &[*code, 1]].concat()),
                Value::Bool(value) => record(0x0205, &[&place(0)[..], &[u8::from(*value), 0]].concat()),
                Value::Formula(text) => {
                    let result = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];
                    [record(0x0006, &[&place(0)[..], &result].concat()), record(0x0207, &long_text(text))]
                        .concat()
                }
            });
        }
        bytes.extend(record(0x000A, &[]));
        bytes
    };
    let bodies: Vec<Vec<u8>> = sheets.iter().map(body).collect();
    let globals = |places: &[u32]| -> Vec<u8> {
        let mut bytes = [bof(5), record(0x0042, &1200_u16.to_le_bytes())].concat();
        bytes.extend(record(0x0022, &u16::from(options.from_1904).to_le_bytes()));
        for format in [0_u16, 14] {
            let mut xf = vec![0; 20];
            xf[2..4].copy_from_slice(&format.to_le_bytes());
            bytes.extend(record(0x00E0, &xf));
        }
        for (sheet, place) in sheets.iter().zip(places) {
            let (name, count) = wide(sheet.name);
            let head =
                [&place.to_le_bytes()[..], &[u8::from(sheet.hidden), 0, u8::try_from(count).unwrap(), 1]]
                    .concat();
            bytes.extend(record(0x0085, &[head, name].concat()));
        }
        bytes.extend(shared(&texts, options.part.unwrap_or(8000)));
        bytes.extend(record(0x000A, &[]));
        bytes
    };
    let mut place = u32::try_from(globals(&vec![0; sheets.len()]).len()).unwrap();
    let mut places = Vec::new();
    for body in &bodies {
        places.push(place);
        place += u32::try_from(body.len()).unwrap();
    }
    [globals(&places), bodies.concat()].concat()
}

/// The stream in a compound file of sectors of 512 bytes.
pub fn file(sheets: &[Sheet], options: &Options) -> Vec<u8> {
    let mut stream = stream(sheets, options);
    if !options.small {
        stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    }
    compound(&stream, options.small)
}

const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;

pub fn compound(stream: &[u8], small: bool) -> Vec<u8> {
    let sectors = u32::try_from(stream.len().div_ceil(512)).unwrap();
    let tables = (sectors + 4).div_ceil(126);
    // Tables, directory, table of small sectors, stream.
    let (directory, small_table, start) = (tables, tables + 1, tables + 2);
    let mut next = vec![0xFFFF_FFFD_u32; usize::try_from(tables).unwrap()];
    next.extend([END, END]);
    next.extend((1..sectors).map(|sector| start + sector));
    next.push(END);
    next.resize(usize::try_from(tables * 128).unwrap(), FREE);
    let mut header = vec![0_u8; 76];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    for (at, value) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        header[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    let small_tables = if small { (small_table, 1) } else { (END, 0) };
    for (at, value) in [
        (44, tables),
        (48, directory),
        (56, 4096),
        (60, small_tables.0),
        (64, small_tables.1),
        (68, END),
        (72, 0),
    ] {
        header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    header.extend((0..109).flat_map(|table| if table < tables { table } else { FREE }.to_le_bytes()));
    let entry = |name: &str, kind: u8, start: u32, length: usize| {
        let mut entry = vec![0_u8; 128];
        let (letters, count) = wide(name);
        entry[..letters.len()].copy_from_slice(&letters);
        entry[64..66].copy_from_slice(&((count + 1) * 2).to_le_bytes());
        entry[66] = kind;
        for (at, value) in [
            (68, FREE),
            (72, FREE),
            (76, if kind == 5 { 1 } else { FREE }),
            (116, start),
            (120, u32::try_from(length).unwrap()),
        ] {
            entry[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        entry
    };
    let (root, book) = if small { ((start, stream.len()), 0) } else { ((END, 0), start) };
    let mut entries =
        [entry("Root Entry", 5, root.0, root.1), entry("Workbook", 2, book, stream.len())].concat();
    entries.resize(512, 0);
    let count = u32::try_from(stream.len().div_ceil(64)).unwrap();
    let mut small_next: Vec<u32> = if small { (1..count).chain([END]).collect() } else { Vec::new() };
    small_next.resize(128, FREE);
    let bytes = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let mut file = [header, bytes(&next), entries, bytes(&small_next), stream.to_vec()].concat();
    file.resize(file.len().next_multiple_of(512), 0);
    file
}

//! What is held before the camera in each scene.

use super::ink;
use crate::demo::cases::{Cases, LaptopCodes, PupilCodes};
use crate::demo::{CHARTER, KIT, NAME, SCHOOL_YEAR, School};
use crate::printing::card::Card;
use crate::printing::charter::{COPIES, CharterSheet};
use crate::printing::{Badge, Label};
use demo_camera::paper::{Paper, Text, WHITE};
use demo_camera::picture::Pose;

/// A paper in a scene, with the codes that can be seen of it.
pub struct Prop {
    pub paper: Paper,
    pub pose: Pose,
    pub tint: [f32; 3],
    pub codes: Vec<PropCode>,
}

/// A code on a paper.
pub struct PropCode {
    pub text: String,
    pub kind: &'static str,
    /// Left, top, right, bottom in millimetres of the paper.
    pub place: [f32; 4],
}

/// What is held together.
pub struct Scene {
    pub name: &'static str,
    /// From the back to the front.
    pub props: Vec<Prop>,
}

const WHITE_PAPER: [f32; 3] = [1.0, 1.0, 0.97];
const PLASTIC: [f32; 3] = [0.98, 1.0, 1.03];
/// The empty margin of a sheet of paper around its head.
const SHEET_MARGIN: f32 = 10.0;

/// Every scene, in the order in which a visitor would want to see them.
pub fn all(school: &School) -> Vec<Scene> {
    let cases = school.cases();
    let mut scenes = vec![Scene { name: "empty", props: Vec::new() }];
    if let [first, lenovo, dell, second, ..] = cases.ready.as_slice() {
        scenes.push(Scene { name: "badge", props: badge(&first.pupil, held((640.0, 370.0), 9.0, -4.0)) });
        scenes.push(laptop("laptop-hp", &first.laptop));
        scenes.push(Scene {
            name: "charter",
            props: charters(&first.pupil, ((430.0, 300.0), (445.0, 620.0)), 7.6),
        });
        scenes.push(Scene { name: "together", props: together(&second.pupil, &second.laptop) });
        scenes.push(laptop("laptop-lenovo", &lenovo.laptop));
        scenes.push(laptop("laptop-dell", &dell.laptop));
    }
    scenes.extend(others(&cases));
    scenes
}

/// What the desk must not accept.
fn others(cases: &Cases) -> Vec<Scene> {
    let mut scenes = Vec::new();
    if let Some(foreign) = cases.foreign.first() {
        scenes.push(laptop("foreign", foreign));
    }
    if let Some(pair) = cases.equipped.first() {
        let mut props = on_lid(&pair.laptop, held((560.0, 535.0), 7.8, 2.0));
        props.extend(badge(&pair.pupil, held((700.0, 205.0), 7.4, -3.0)));
        scenes.push(Scene { name: "already", props });
    }
    if let Some(left) = cases.left.first() {
        scenes.push(Scene { name: "left", props: badge(left, held((600.0, 340.0), 8.6, 5.0)) });
    }
    scenes
}

fn laptop(name: &'static str, laptop: &LaptopCodes) -> Scene {
    Scene { name, props: on_lid(laptop, held((630.0, 365.0), 8.0, 3.0)) }
}

fn held(at: (f32, f32), scale: f32, turn: f32) -> Pose {
    Pose { at, scale, turn, tilt: (7.0, -6.0) }
}

/// Badge, label and both copies of the charter, all in one picture.
fn together(pupil: &PupilCodes, laptop: &LaptopCodes) -> Vec<Prop> {
    let mut props = charters(pupil, ((497.0, 310.0), (505.0, 540.0)), 7.5);
    let mut rest = badge(pupil, Pose { tilt: (4.0, -3.0), ..held((325.0, 200.0), 7.2, -2.0) });
    rest.extend(label(laptop, Pose { tilt: (4.0, -3.0), ..held((440.0, 580.0), 7.5, 1.5) }));
    props.append(&mut rest);
    props
}

fn badge(pupil: &PupilCodes, pose: Pose) -> Vec<Prop> {
    let (first_name, last_name) = pupil.name.split_once(' ').unwrap_or(("", &pupil.name));
    let badge = Badge {
        school: NAME.into(),
        school_year: SCHOOL_YEAR,
        last_name: last_name.into(),
        first_name: first_name.into(),
        class: Some(pupil.class.clone()),
        code: pupil.badge.clone().unwrap_or_default(),
    };
    vec![prop(&badge.card(), pose, PLASTIC)]
}

/// A label on the dark underside of a laptop.
fn on_lid(laptop: &LaptopCodes, pose: Pose) -> Vec<Prop> {
    let lid = Paper::blank(190.0, 110.0, 58);
    let mut props = vec![Prop { paper: lid, pose, tint: PLASTIC, codes: Vec::new() }];
    props.extend(label(laptop, pose));
    props
}

fn label(laptop: &LaptopCodes, pose: Pose) -> Vec<Prop> {
    let label = Label {
        maker: laptop.maker.clone(),
        model: laptop.model.clone(),
        serial: laptop.serial.clone(),
        part_number: laptop.part_number.clone(),
        mac: Some(laptop.mac.clone()),
    };
    vec![prop(&label.card(), pose, WHITE_PAPER)]
}

fn prop(card: &Card, pose: Pose, tint: [f32; 3]) -> Prop {
    Prop { paper: ink::paper(card), pose, tint, codes: codes(card, (0.0, 0.0)) }
}

fn codes(card: &Card, at: (f32, f32)) -> Vec<PropCode> {
    card.codes()
        .map(|code| {
            let (left, top) = (at.0 + code.x, at.1 + code.y);
            PropCode {
                text: code.symbol.text.clone(),
                kind: code.symbol.kind.as_str(),
                place: [left, top, left + code.width(), top + code.height],
            }
        })
        .collect()
}

/// The upper halves of both copies, the second over the first.
fn charters(pupil: &PupilCodes, centres: ((f32, f32), (f32, f32)), scale: f32) -> Vec<Prop> {
    let Some([code, _]) = &pupil.charter else { return Vec::new() };
    let sheet = CharterSheet {
        school: NAME.into(),
        title: "Charte d'engagement".into(),
        version: format!("{SCHOOL_YEAR}-1"),
        body: CHARTER.into(),
        pdf_sha256: None,
        kit: KIT.map(str::to_owned).to_vec(),
        name: pupil.name.clone(),
        class: Some(pupil.class.clone()),
        code: code.trim_end_matches("-1").to_owned(),
    };
    COPIES
        .into_iter()
        .zip([(centres.0, 1.5), (centres.1, -2.0)])
        .map(|((copy, keeper), (at, turn))| {
            let pose = Pose { tilt: (4.0, 3.0), ..held(at, scale, turn) };
            charter(&sheet, &sheet.head(copy, keeper), pose)
        })
        .collect()
}

fn charter(sheet: &CharterSheet, head: &Card, pose: Pose) -> Prop {
    let margin = (SHEET_MARGIN, SHEET_MARGIN);
    let mut paper = Paper::blank(head.width + 2.0 * SHEET_MARGIN, 90.0, WHITE);
    ink::draw(&mut paper, head, margin);
    let mut y = SHEET_MARGIN + head.height + 4.0;
    for line in sheet.paragraphs().flat_map(|paragraph| wrapped(paragraph, 105)) {
        paper.write((SHEET_MARGIN, y), &Text { letters: &line, size: 3.6, bold: false, align: 0.0 });
        y += 5.2;
    }
    Prop { paper, pose, tint: WHITE_PAPER, codes: codes(head, margin) }
}

/// Lines of at most so many letters.
fn wrapped(paragraph: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

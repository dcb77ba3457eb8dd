//! The contractor's delivery notes.

use crate::names::unlike;
use crate::school::{day as day_from, maybe};
use crate::table::{Column, SHAPES, Shape, Table, code, column, day, text, write};
use crate::told::{Told, UAI, check};
use crate::whims::{Whims, whims};
use chrono::NaiveDate;
use domain::rows::{DeviceRow, FileKind};
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Debug, Clone)]
struct Laptop {
    serial: String,
    part: &'static str,
    designation: &'static str,
    mac: Option<[u8; 6]>,
    asset: Option<String>,
    place: Option<(u32, u32)>,
    delivered_on: Option<NaiveDate>,
    warranty_end: Option<NaiveDate>,
}

prop_compose! {
    fn laptop()(
        (serial, part, designation) in prop_oneof![
            ("[0-9][A-Z]{2}[0-9]{3}[B-DF-HJ-NP-TV-Z0-9]{4}", Just("9ZZ99EA#ABF"), Just("HP ProBook x360 11 G5 EE")),
            ("PF[0-9][A-Z0-9]{5}", Just("20ZZS00100"), select(&["Lenovo L13", "Lenovo ; L13 Yoga, 13\"", ""][..])),
            ("[1-9][0-9]{9}", Just("NX.ZZZZF.001"), Just("Acer <Travel> & Mate")),
        ],
        mac in maybe(any::<[u8; 6]>()),
        asset in maybe("[0-9]{6}|INV-[0-9]{4}"),
        place in maybe((1..100_u32, 1..1000_u32)),
        delivered_on in maybe(day_from((2020, 8, 25), 300)),
        warranty_end in maybe(day_from((2023, 8, 25), 300)),
    ) -> Laptop {
        Laptop { serial, part, designation, mac, asset, place, delivered_on, warranty_end }
    }
}

impl Laptop {
    fn mac(&self, between: &str) -> Option<String> {
        self.mac.map(|bytes| bytes.map(|byte| format!("{byte:02X}")).join(between))
    }

    fn row(&self, row: u32) -> DeviceRow {
        let words = self.designation.split(' ').next().unwrap_or("");
        DeviceRow {
            row,
            serial_number: self.serial.clone(),
            part_number: self.part.into(),
            manufacturer: words.into(),
            designation: self.designation.into(),
            mac_address: self.mac(":"),
            asset_tag: self.asset.clone(),
            lot: Some("2020-VAGUE2".into()),
            pallet: self.place.map(|(pallet, _)| format!("P{pallet}")),
            parcel: self.place.map(|(_, parcel)| parcel.to_string()),
            order_number: Some("CDE-2020-00451".into()),
            note_number: "BL2020-118842".into(),
            delivered_on: self.delivered_on,
            warranty_end: self.warranty_end,
        }
    }
}

/// The note says its number and its school on each line, or above all of them.
fn note(laptops: &[Laptop], shape: Shape, whims: &mut Whims) -> (Vec<u8>, Told) {
    let said_above = whims.one_in(2);
    let between = whims.pick(&[":", "-", "", " "]);
    let serial = |laptop: &Laptop, small: bool| {
        if small { laptop.serial.to_lowercase() } else { laptop.serial.clone() }
    };
    let small = whims.one_in(3);
    let mut columns: Vec<Column> = vec![
        column(whims.pick(&["N° commande", "Commande"]), laptops, |_| text("CDE-2020-00451")),
        column("Date expédition", laptops, |laptop| day(laptop.warranty_end)),
        column(whims.pick(&["Date livraison prévue", "Livré le"]), laptops, |laptop| {
            day(laptop.delivered_on)
        }),
        column("Etablissement", laptops, |_| text("LPO DES BOIS (FICTIF)")),
        column(whims.pick(&["N° palette", "Palette"]), laptops, |laptop| {
            code(laptop.place.map(|(p, _)| format!("P{p}")))
        }),
        column(whims.pick(&["N° colis", "Colis"]), laptops, |laptop| {
            code(laptop.place.map(|(_, p)| p.to_string()))
        }),
        column(whims.pick(&["Référence produit (P/N)", "P/N"]), laptops, |laptop| text(laptop.part)),
        column(whims.pick(&["Désignation", "Modèle"]), laptops, |laptop| text(laptop.designation)),
        column(whims.pick(&["N° de série (S/N)", "Serial Number"]), laptops, |laptop| {
            text(serial(laptop, small))
        }),
        column("Adresse MAC Wi-Fi", laptops, |laptop| text(laptop.mac(between).unwrap_or_default())),
        column("Adresse MAC Ethernet", laptops, |_| text("02:00:00:00:00:00")),
        column("N° asset / parc", laptops, |laptop| code(laptop.asset.as_deref())),
        column("Lot", laptops, |_| text("2020-VAGUE2")),
        column(whims.pick(&["Fin de garantie", "Garantie"]), laptops, |laptop| day(laptop.warranty_end)),
    ];
    let mut above = vec![vec![text("Fournisseur imaginaire")]];
    if said_above {
        above.push(whims.pick(&[
            vec![text("N° BL : BL2020-118842")],
            vec![text("Bon de livraison n° BL2020-118842")],
            vec![text("BL"), text("BL2020-118842")],
        ]));
        above.push(whims.pick(&[vec![text(format!("UAI : {UAI}"))], vec![text("UAI"), text(UAI)]]));
    } else {
        columns.push(column(whims.pick(&["N° BL", "Bon de livraison"]), laptops, |_| text("BL2020-118842")));
        columns.push(column("UAI", laptops, |_| text(UAI)));
    }
    let total = [("Etablissement", "Total".to_owned()), ("Lot", laptops.len().to_string())];
    let total = total.map(|(title, cell)| (title.to_owned(), text(cell))).to_vec();
    let below = if whims.one_in(2) { total } else { Vec::new() };
    let written = write(Table { above, columns, below, ..Table::default() }, shape, whims);
    let devices = laptops.iter().zip(&written.rows).map(|(laptop, row)| laptop.row(*row)).collect();
    let mut told = Told { devices, ..Told::default() };
    told.head.establishment = (said_above || !laptops.is_empty()).then(|| UAI.into());
    (written.bytes, told.counting(&[("devices", laptops.len())]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn delivery_notes(
        laptops in prop::collection::vec(laptop(), 0..=30),
        shape in select(&SHAPES[..]),
        mut whims in whims(),
    ) {
        let laptops = unlike(laptops, |laptop| laptop.serial.clone());
        let (bytes, told) = note(&laptops, shape, &mut whims);
        check(FileKind::Delivery, &bytes, &told)?;
    }
}

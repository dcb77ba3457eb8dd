//! The columns of the lists of pupils and laptops, as files: headings here, cells by the lists' own.

/// A heading and its width in characters.
pub type Heading = (&'static str, f64);

pub const STUDENTS: [Heading; 14] = [
    ("Identifiant élève", 16.0),
    ("Nom", 20.0),
    ("Prénom", 16.0),
    ("Classe", 10.0),
    ("Public", 14.0),
    ("Ayant droit", 8.0),
    ("Charte", 14.0),
    ("N° de série", 18.0),
    ("Remis le", 12.0),
    ("Prêt temporaire", 18.0),
    ("À rendre le", 12.0),
    ("Badge", 8.0),
    ("Parti le", 12.0),
    ("Absent du fichier depuis", 12.0),
];

pub const DEVICES: [Heading; 13] = [
    ("N° de série", 18.0),
    ("Marque", 12.0),
    ("Modèle", 28.0),
    ("Référence", 16.0),
    ("État", 18.0),
    ("N° BL", 14.0),
    ("Fin de garantie", 12.0),
    ("Nom", 20.0),
    ("Prénom", 16.0),
    ("Classe", 10.0),
    ("Nature", 10.0),
    ("Depuis", 12.0),
    ("Sinistres", 8.0),
];

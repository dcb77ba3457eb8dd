//! SIECLE's exports ("BEE"): each has `PARAMETRES` and `DONNEES`. Versions are not looked at: elements are
//! read by their names, and unknown ones passed over.

mod parameters;
pub mod students;

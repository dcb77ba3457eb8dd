//! The head and foot of a school's papers, as it has set them.

use crate::db::print_settings::{self, PaperSettings};
use crate::printing::document::{Letterhead, Logo};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use domain::ids::EstablishmentId;

/// For papers that want nothing else of the settings.
pub async fn letterhead(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Letterhead> {
    Ok(of_settings(&print_settings::of_school(conn, school).await?))
}

pub fn of_settings(settings: &PaperSettings) -> Letterhead {
    let logo = settings.logo.clone().zip(settings.logo_type.clone());
    Letterhead {
        school: settings.school.clone(),
        uai: settings.uai.clone(),
        header: settings.header.clone(),
        footer: settings.footer.clone(),
        logo: logo.map(|(bytes, media_type)| Logo { media_type, bytes }),
    }
}

//! Attendance sheets: the pupils of each class, to be ticked and signed on the day.

use super::{Actor, Failure};
use crate::db::campaigns;
use crate::db::slots::{self, Attendee, SlotCard};
use crate::db::{Db, Scope, desk};
use crate::printing::day::{Attendance, AttendancePupil, attendance};
use chrono_tz::Europe::Paris;
use domain::refusal::Refusal;

/// HTML that prints on A4: one class, or every class that has pupils. Reads only.
pub async fn print_attendance(db: &Db, actor: &Actor, class: Option<&str>) -> Result<String, Failure> {
    let db = &db.patient();
    let school = actor.establishment;
    let sheets = db
        .read(Scope::School(school), async |conn| {
            let campaign = campaigns::current(conn, school).await?.ok_or(Refusal::NoCampaign)?;
            let name = desk::establishment(conn, school).await?.name;
            let slots = slots::of_campaign(conn, school, campaign.id).await?;
            let mut sheets = Vec::new();
            for known in desk::classes(conn, school).await? {
                if known.students == 0 || class.is_some_and(|class| class != known.code) {
                    continue;
                }
                let pupils = slots::attendees(conn, school, &known.code).await?;
                let own = slots.iter().filter(|slot| slot.class_id == Some(known.id));
                sheets.push(Attendance {
                    school: name.clone(),
                    campaign: campaign.name.clone(),
                    class: known.code,
                    when: own.map(when).collect(),
                    pupils: pupils.into_iter().map(pupil).collect(),
                });
            }
            Ok::<_, Failure>(sheets)
        })
        .await?;
    Ok(attendance(&sheets))
}

fn when(slot: &SlotCard) -> String {
    let (starts, ends) = (slot.starts_at.with_timezone(&Paris), slot.ends_at.with_timezone(&Paris));
    let room = if slot.room.is_empty() { String::new() } else { format!(", {}", slot.room) };
    format!("Le {} de {} à {}{room}", starts.format("%d/%m/%Y"), starts.format("%H:%M"), ends.format("%H:%M"))
}

fn pupil(row: Attendee) -> AttendancePupil {
    let charter = match row.shown {
        2 => "reçue".to_owned(),
        1 => "1 sur 2".to_owned(),
        _ => "manque".to_owned(),
    };
    AttendancePupil {
        name: format!("{} {}", row.last_name.to_uppercase(), row.first_name),
        badge: row.badge,
        serial: row.serial,
        charter: if row.entitled { charter } else { String::new() },
        entitled: row.entitled,
    }
}

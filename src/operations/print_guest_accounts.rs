//! Slips of the guest accounts. The passwords come with the request and go onto the paper: they
//! are written nowhere else, in no table, no journal and no log.

use super::office::typed;
use super::prepare_campaign::read;
use super::{Actor, Failure};
use crate::db::{Db, Scope, desk};
use crate::printing::day::{Slip, guest_accounts};

/// HTML that prints on A4, a slip for each account that has a login and a password. `passwords`
/// holds that of account 1 first. Reads only.
pub async fn print_guest_accounts(db: &Db, actor: &Actor, passwords: &[String]) -> Result<String, Failure> {
    let school = actor.establishment;
    let (prepared, name) = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>((read(conn, school).await?, desk::establishment(conn, school).await?.name))
        })
        .await?;
    let mut slips = Vec::new();
    for (account, password) in prepared.guest_accounts.into_iter().zip(passwords) {
        let password = typed(password, 80)?;
        if !account.login.is_empty() && !password.is_empty() {
            let (position, login, holder) = (account.position, account.login, account.holder);
            slips.push(Slip { position, login, password: password.to_owned(), holder });
        }
    }
    Ok(guest_accounts(&name, &prepared.campaign.name, &slips))
}

//! Slips of the ENT's accounts: read from the file onto paper. Logins and passwords are written in no
//! table, no journal and no log.

use super::imports::uai_of;
use super::imports::upload::Upload;
use super::{Actor, Failure};
use crate::db::{Db, Fault, Scope, desk};
use crate::printing::day::{AccountSlip, account_slips};
use domain::names::search_key;

/// HTML that prints on A4, a slip an account, by class and name. Reads only.
pub async fn print_accounts(db: &Db, actor: &Actor, upload: Upload) -> Result<String, Failure> {
    let school = actor.establishment;
    let uai = uai_of(db, school).await?;
    let name = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(desk::establishment(conn, school).await?.name)
        })
        .await?;
    let reading = tokio::task::spawn_blocking(move || {
        let mut slips = Vec::new();
        upload
            .accounts(&uai, &mut |account| {
                slips.push(AccountSlip {
                    name: format!("{} {}", account.last_name, account.first_name),
                    class: account.class.unwrap_or_default(),
                    profile: account.profile,
                    login: account.login,
                    password: account.password.unwrap_or_default(),
                });
                Ok(())
            })
            .map(|_| slips)
    });
    let mut slips = reading.await.map_err(|error| Fault::Other(error.to_string()))??;
    slips.sort_by_cached_key(|slip| (slip.class.clone(), search_key(&slip.name)));
    Ok(account_slips(&name, &slips))
}

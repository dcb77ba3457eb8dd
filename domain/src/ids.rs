//! Typed identifiers: a device's id cannot be passed where a student's is due.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// A school.
    EstablishmentId
    /// A desk.
    StationId
    /// A person who may log in.
    OperatorId
    /// One school year's distribution.
    CampaignId
    /// A class (division).
    ClassId
    /// A pupil.
    StudentId
    /// A laptop.
    DeviceId
    /// A delivery note.
    DeliveryId
    /// A text of the charter.
    CharterId
    /// Signed copies shown and kept.
    CharterReceiptId
    /// Who holds what.
    LoanId
    /// A file that was read.
    ImportId
    /// An action of a desk; the same id again gets the same answer.
    RequestId
}

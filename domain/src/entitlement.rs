//! Which pupils get a laptop: from the MEF of their class, or by decision.

use serde::{Deserialize, Serialize};

/// Why a pupil is, or is not, entitled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Public {
    /// Seconde, première, terminale, CAP, bac pro and the like.
    Lycee,
    /// 3e prépa-métiers: MEF 1031003111x.
    PrepaMetiers,
    /// Mention complémentaire: dispositif 253.
    MentionComplementaire,
    /// Classe passerelle: 7413000111, 7412000111.
    Passerelle,
    /// BTS and CPGE: not equipped.
    PostBac,
    /// A college MEF, or one that says nothing.
    Other,
}

impl Public {
    /// From a MEF of 10 or 11 characters: dispositif (3), formation (5), duration,
    /// year, local. Source of the table: BCN N_MEF.
    pub fn of_mef(mef: &str) -> Self {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|p| mef.starts_with(p));
        if starts(&["1031003111"]) {
            Public::PrepaMetiers
        } else if starts(&["253"]) {
            Public::MentionComplementaire
        } else if starts(&["7413000111", "7412000111"]) {
            Public::Passerelle
        } else if starts(&["300", "301", "310", "311"]) {
            Public::PostBac
        } else if starts(&[
            "200", "201", "202", "210", "211", "212", "220", "221", "222", "240", "241", "242", "247",
        ]) {
            Public::Lycee
        } else {
            Public::Other
        }
    }

    pub fn is_entitled(self) -> bool {
        !matches!(self, Public::PostBac | Public::Other)
    }

    /// The word of the register, in French.
    pub fn label(self) -> &'static str {
        match self {
            Public::Lycee => "lycée",
            Public::PrepaMetiers => "3e prépa-métiers",
            Public::MentionComplementaire => "mention complémentaire",
            Public::Passerelle => "passerelle",
            Public::PostBac => "post-bac",
            Public::Other => "autre",
        }
    }
}

/// ULIS and UPE2A have no MEF of their own: their groups name them.
pub fn group_entitles(group_code: &str) -> bool {
    let code = group_code.to_ascii_uppercase();
    code.contains("ULIS") || code.contains("UPE2A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_of_each_mef_of_the_brief() {
        let cases = [
            ("20010018110", Public::Lycee, true),
            ("20110019110", Public::Lycee, true),
            ("20210019110", Public::Lycee, true),
            ("24720031110", Public::Lycee, true),
            ("24021321110", Public::Lycee, true),
            ("10310031110", Public::PrepaMetiers, true),
            ("25325207110", Public::MentionComplementaire, true),
            ("74130001110", Public::Passerelle, true),
            ("31132601110", Public::PostBac, false),
            ("10310019110", Public::Other, false),
            ("", Public::Other, false),
        ];
        for (mef, public, entitled) in cases {
            assert_eq!((Public::of_mef(mef), Public::of_mef(mef).is_entitled()), (public, entitled), "{mef}");
        }
    }

    #[test]
    fn ulis_and_upe2a_are_groups() {
        assert!(group_entitles("ULIS1") && group_entitles("upe2a") && !group_entitles("2GT1GR1"));
    }
}

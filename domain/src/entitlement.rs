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

/// What the start of a MEF says of a pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// 1 to 11 characters of a MEF.
    pub prefix: String,
    pub public: Public,
    pub entitled: bool,
}

/// The programme's rules: dispositif (3), formation (5), duration, year. Source: BCN N_MEF. A MEF that
/// none begins is of no entitled public.
const PROGRAMME: [(&str, Public); 21] = [
    ("1031003111", Public::PrepaMetiers),
    ("253", Public::MentionComplementaire),
    ("7413000111", Public::Passerelle),
    ("7412000111", Public::Passerelle),
    ("300", Public::PostBac),
    ("301", Public::PostBac),
    ("310", Public::PostBac),
    ("311", Public::PostBac),
    ("200", Public::Lycee),
    ("201", Public::Lycee),
    ("202", Public::Lycee),
    ("210", Public::Lycee),
    ("211", Public::Lycee),
    ("212", Public::Lycee),
    ("220", Public::Lycee),
    ("221", Public::Lycee),
    ("222", Public::Lycee),
    ("240", Public::Lycee),
    ("241", Public::Lycee),
    ("242", Public::Lycee),
    ("247", Public::Lycee),
];

/// The programme's rules, for a school year that has none of its own.
pub fn programme() -> Vec<Rule> {
    PROGRAMME
        .iter()
        .map(|(prefix, public)| Rule {
            prefix: (*prefix).to_owned(),
            public: *public,
            entitled: public.is_entitled(),
        })
        .collect()
}

/// The rule that decides about a MEF: the longest that it begins with.
pub fn deciding<'a>(rules: &'a [Rule], mef: &str) -> Option<&'a Rule> {
    rules.iter().filter(|rule| mef.starts_with(&rule.prefix)).max_by_key(|rule| rule.prefix.len())
}

impl Public {
    /// Every public, in the order in which a table of rules offers them.
    pub const ALL: [Public; 6] = [
        Public::Lycee,
        Public::PrepaMetiers,
        Public::MentionComplementaire,
        Public::Passerelle,
        Public::PostBac,
        Public::Other,
    ];

    /// From a MEF of 10 or 11 characters: dispositif (3), formation (5), duration,
    /// year, local. Source of the table: BCN N_MEF.
    pub fn of_mef(mef: &str) -> Self {
        let fits = PROGRAMME.iter().filter(|(prefix, _)| mef.starts_with(prefix));
        fits.max_by_key(|(prefix, _)| prefix.len()).map_or(Public::Other, |(_, public)| *public)
    }

    pub fn is_entitled(self) -> bool {
        !matches!(self, Public::PostBac | Public::Other)
    }

    /// From the word it is stored as.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|public| public.as_str() == text)
    }

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Public::Lycee => "lycee",
            Public::PrepaMetiers => "prepa_metiers",
            Public::MentionComplementaire => "mention_complementaire",
            Public::Passerelle => "passerelle",
            Public::PostBac => "post_bac",
            Public::Other => "other",
        }
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

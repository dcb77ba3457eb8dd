//! Our own codes: badges (`EL` and ten characters) and charter sheets (`CH`, ten characters, `-`, copy).
//! The ten are of Crockford's base 32, which has no I, L, O and U, so that a typed one is a digit.

const BODY: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a charter sheet in its printed form.
pub(super) fn charter(text: &str, typed: bool) -> Option<String> {
    let (sheet, copy) = text.split_once('-')?;
    let copy = if typed { digit(copy) } else { copy };
    let sheet = own(sheet, "CH", typed)?;
    matches!(copy, "1" | "2").then(|| format!("{sheet}-{copy}"))
}

/// The code of a badge that we printed.
pub(super) fn badge(text: &str, typed: bool) -> Option<String> {
    own(text, "EL", typed)
}

fn own(text: &str, prefix: &str, typed: bool) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let body: String = upper
        .strip_prefix(prefix)?
        .chars()
        .map(|c| match c {
            'O' if typed => '0',
            'I' | 'L' if typed => '1',
            other => other,
        })
        .collect();
    let shaped = body.len() == 10 && body.bytes().all(|b| BODY.contains(&b));
    shaped.then(|| format!("{prefix}{body}"))
}

fn digit(copy: &str) -> &str {
    if matches!(copy, "I" | "L" | "i" | "l") { "1" } else { copy }
}

#[cfg(test)]
mod tests {
    use super::{badge, charter};

    #[test]
    fn charters_and_badges() {
        for (text, typed, code) in [
            ("CH0123456789-1", false, Some("CH0123456789-1")),
            ("ch0123456789-2", false, Some("CH0123456789-2")),
            ("CH0123456789-3", false, None),
            ("CHO123456789-1", false, None),
            ("CHO123456789-1", true, Some("CH0123456789-1")),
            ("chol23456789-l", true, Some("CH0123456789-1")),
            ("CHU123456789-1", true, None),
            ("CH0123456789", true, None),
            ("CH012345678é-1", true, None),
        ] {
            assert_eq!(charter(text, typed).as_deref(), code, "{text}");
        }
        assert_eq!(badge("EL0123456789", false).as_deref(), Some("EL0123456789"));
        assert_eq!(badge("elol23456789", true).as_deref(), Some("EL0123456789"));
        assert_eq!(badge("elol23456789", false), None);
        assert_eq!(badge("EL012345678", true), None);
    }
}

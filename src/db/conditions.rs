//! Conditions that many queries share, as text for `concat!`: the alias of `students` in, SQL out.

/// On the school's list, and not gone by today.
macro_rules! is_there {
    ($s:literal) => {
        concat!(
            $s,
            ".missing_since IS NULL AND (",
            $s,
            ".left_on IS NULL OR ",
            $s,
            ".left_on > current_date)"
        )
    };
}

/// By the class's MEF, or as somebody has decided.
macro_rules! is_entitled {
    ($s:literal) => {
        concat!("coalesce(", $s, ".entitlement_override, ", $s, ".entitled)")
    };
}

/// May have a laptop today.
macro_rules! may_have_laptop {
    ($s:literal) => {
        concat!($crate::db::conditions::is_there!($s), " AND ", $crate::db::conditions::is_entitled!($s))
    };
}

pub(crate) use {is_entitled, is_there, may_have_laptop};

//! The only place that knows status codes: refusals, invalid input and faults as
//! `application/problem+json` (RFC 9457).

use crate::operations::imports::report::Refusal as RefusedFile;
use crate::operations::{Failure, Invalid};
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, ResponseError};
use chrono::{FixedOffset, Offset, Utc};
use chrono_tz::Europe::Paris;
use domain::refusal::{Refusal, Tone};
use domain::words::{self, Language};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A problem as RFC 9457 describes it, with a stable code, what to do and how it should feel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable, for machines.
    pub code: String,
    /// A French sentence: what was found.
    pub detail: String,
    /// A French sentence: what to do.
    pub remedy: String,
    /// `already`, `refused` or `unknown`.
    pub tone: String,
}

impl Problem {
    fn new(status: StatusCode, code: &str, title: &str, detail: &str, remedy: &str) -> Self {
        Self {
            kind: format!("urn:remise:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.to_owned(),
            remedy: remedy.to_owned(),
            tone: "refused".to_owned(),
        }
    }

    /// Nobody is logged in.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_logged_in",
            "Non connecté",
            "Personne n'est connecté à ce poste.",
            "Connectez-vous, puis recommencez.",
        )
    }

    /// Somebody is logged in, and may not do this.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not_allowed",
            "Action réservée",
            "Votre rôle ne permet pas cette action.",
            "Demandez au référent numérique ou au chef d'établissement.",
        )
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Introuvable",
            "Rien n'existe à cette adresse.",
            "Revenez à l'accueil.",
        )
    }

    /// What was sent cannot be read as what is asked for.
    pub fn unreadable(detail: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "unreadable_request",
            "Demande illisible",
            detail,
            "Rechargez la page et recommencez.",
        )
    }

    pub fn too_large(detail: &str) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "Fichier trop grand",
            detail,
            "Choisissez un fichier plus petit.",
        )
    }

    /// Everything is taken: the same request again may well go through.
    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Service très occupé",
            "Le service est très occupé : la demande a attendu trop longtemps et rien n'est enregistré.",
            "Recommencez dans un instant. Si cela dure, prévenez le référent numérique.",
        )
    }

    pub fn fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "Panne du service",
            // A commit whose answer was lost may have happened: the same request again tells.
            "Le service n'a pas pu répondre.",
            "Recommencez dans un instant : rien n'est enregistré deux fois. Si cela dure, prévenez le référent numérique.",
        )
    }

    /// The answer to a refusal, in French, on the wall clock of the school.
    pub fn of_refusal(refusal: &Refusal) -> Self {
        let words = words::sentences(refusal, Language::French, wall_clock());
        let tone = match refusal.tone() {
            Tone::Already => "already",
            Tone::Refused => "refused",
            Tone::Unknown => "unknown",
        };
        let mut problem =
            Self::new(refusal_status(refusal), refusal.code(), words.title, &words.sentence, &words.remedy);
        problem.tone = tone.to_owned();
        problem
    }

    /// Why a file cannot be taken.
    pub fn of_refused_file(refusal: &RefusedFile) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            &refusal.code,
            &refusal.title,
            &refusal.detail,
            &refusal.remedy,
        )
    }

    fn of_invalid(invalid: &Invalid) -> Self {
        let status = match invalid.code {
            "import_not_staged" | "import_outdated" | "import_touched" | "import_forgotten"
            | "older_export" | "export_made" | "no_export_yet" => StatusCode::CONFLICT,
            "wrong_credentials" => StatusCode::UNAUTHORIZED,
            "too_many_attempts" => StatusCode::TOO_MANY_REQUESTS,
            code if code.ends_with("_not_found") => StatusCode::NOT_FOUND,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, invalid.code, &invalid.title, &invalid.detail, &invalid.remedy)
    }
}

/// The offset of French wall clocks now.
fn wall_clock() -> FixedOffset {
    Utc::now().with_timezone(&Paris).offset().fix()
}

fn refusal_status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::UnknownStudent | Refusal::UnknownDevice | Refusal::UnknownLoan | Refusal::UnknownBadge => {
            StatusCode::NOT_FOUND
        }
        Refusal::NotFound { .. } => StatusCode::NOT_FOUND,
        Refusal::OverrideNotAllowed | Refusal::HeadOnly | Refusal::ManagerOnly => StatusCode::FORBIDDEN,
        Refusal::ReasonMissing
        | Refusal::ComplaintMissing
        | Refusal::DueDateMissing
        | Refusal::DueDateImplausible { .. }
        | Refusal::CharterIncomplete { .. }
        | Refusal::NoStation
        | Refusal::BadgeNotOpaque => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            response.insert_header((RETRY_AFTER, "2"));
        }
        response
            .content_type("application/problem+json")
            .body(serde_json::to_string(self).unwrap_or_default())
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refusal(refusal) => Self::of_refusal(&refusal),
            Failure::Invalid(invalid) => Self::of_invalid(&invalid),
            Failure::Fault(fault) if fault.is_busy() => {
                tracing::warn!(%fault, "request waited in vain");
                Self::busy()
            }
            Failure::Fault(fault) => {
                tracing::error!(%fault, "request failed");
                Self::fault()
            }
        }
    }
}

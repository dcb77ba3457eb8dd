//! A file as it comes in: to the disk, not into memory, and unreadable there. The spool has no name
//! and goes with the last who reads it.

use super::error::Problem;
use crate::operations::imports::sealed::{self, Seal};
use crate::operations::imports::upload::Upload;
use actix_web::web::Payload;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncWriteExt, BufWriter};

/// A list of 200,000 pupils is about 200 MB, one of their guardians 300.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// So much more is read and thrown away, so that the sender hears the answer.
const PATIENCE: u64 = 64 * 1024 * 1024;

/// Takes the body in, `announced` being the size its sender tells.
pub async fn receive(mut body: Payload, announced: Option<u64>, name: String) -> Result<Upload, Problem> {
    let mut spool = Spool::new(announced).await?;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|_| Problem::unreadable("L'envoi du fichier a été interrompu."))?;
        spool.take(&piece).await?;
    }
    spool.finish(name).await
}

struct Spool {
    file: BufWriter<tokio::fs::File>,
    seal: Seal,
    hash: Sha256,
    bytes: u64,
    too_large: bool,
}

impl Spool {
    async fn new(announced: Option<u64>) -> Result<Self, Problem> {
        let file = tokio::task::spawn_blocking(sealed::spool).await.map_err(|_| Problem::fault())?;
        let file = tokio::fs::File::from_std(file.map_err(|error| disk(&error))?);
        let too_large = announced.is_some_and(|size| size > MOST_BYTES);
        if announced.is_some_and(|size| size > MOST_BYTES + PATIENCE) {
            return Err(too_large_problem());
        }
        Ok(Self {
            file: BufWriter::with_capacity(1024 * 1024, file),
            seal: Seal::new(),
            hash: Sha256::new(),
            bytes: 0,
            too_large,
        })
    }

    async fn take(&mut self, piece: &[u8]) -> Result<(), Problem> {
        self.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.too_large |= self.bytes > MOST_BYTES;
        if self.bytes > MOST_BYTES + PATIENCE {
            return Err(too_large_problem());
        }
        if !self.too_large {
            self.hash.update(piece);
            let mut hidden = piece.to_vec();
            self.seal.hide(&mut hidden);
            self.file.write_all(&hidden).await.map_err(|error| disk(&error))?;
        }
        Ok(())
    }

    async fn finish(mut self, name: String) -> Result<Upload, Problem> {
        if self.too_large {
            return Err(too_large_problem());
        }
        self.file.flush().await.map_err(|error| disk(&error))?;
        let file = self.file.into_inner().into_std().await;
        let (sha256, bytes) = (self.hash.finalize().to_vec(), self.bytes);
        let file = self.seal.open(file);
        tokio::task::spawn_blocking(move || Upload::spooled(file, name, sha256, bytes))
            .await
            .map_err(|_| Problem::fault())
    }
}

fn disk(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "a file that comes in could not be written");
    Problem::fault()
}

fn too_large_problem() -> Problem {
    Problem::too_large("Le fichier dépasse 512 Mio.")
}

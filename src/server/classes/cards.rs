//! Cards: a pupil's name to sign in with, and a one-time code in place of the first password.

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::class::Card;
use crate::error::AppError;
use crate::server::auth::codes;
use crate::server::viewer::Viewer;
use crate::server::{db, qr};

/// How long the code of a card is good, in days: over the holidays.
const DAYS: i32 = 60;

/// Whose cards are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of a class who can sign in, or only those of them without a password.
    Class {
        id: Uuid,
        only_new: bool,
    },
    Pupil(Uuid),
}

/// Makes cards with new codes, in place of earlier ones; `origin` is where the address on them begins. The codes are nowhere else:
/// the database keeps only their hashes.
pub async fn make(pool: &PgPool, admin: &Viewer, whose: Whose, origin: &str) -> Result<Vec<Card>, AppError> {
    let pupils = db::classes::to_card(pool, admin, whose).await?;
    let codes: Vec<String> = pupils.iter().map(|_| codes::generate(codes::ON_CARD)).collect();
    let ids: Vec<Uuid> = pupils.iter().map(|pupil| pupil.id).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| codes::digest(code)).collect();
    let good_until = db::accounts::keep_codes(pool, admin, &ids, &hashes, DAYS).await?;
    let card = |(pupil, code): (db::classes::ToCard, &String)| {
        let address = format!(
            "{origin}/login?name={}",
            percent_encoding::utf8_percent_encode(&pupil.sign_in_name, percent_encoding::NON_ALPHANUMERIC)
        );
        Ok(Card {
            full_name: pupil.full_name,
            class: pupil.class.unwrap_or_default(),
            sign_in_name: pupil.sign_in_name,
            code: codes::in_groups(code),
            good_until,
            picture: qr::svg(&address)?,
        })
    };
    pupils.into_iter().zip(&codes).map(card).collect()
}

//! The pages of a file: their sizes, and their text with its positions.

use exam_model::paper::{PageSize, Print, PrintedPage};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::AppError;
use crate::server::viewer::Viewer;

/// Stores the pages of a file from a reading, replacing those of an older one.
pub async fn save(conn: &mut PgConnection, content_hash: &[u8], pages: &[PrintedPage]) -> Result<(), AppError> {
    let widths: Vec<f32> = pages.iter().map(|page| page.size.width).collect();
    let heights: Vec<f32> = pages.iter().map(|page| page.size.height).collect();
    let prints: Vec<Json<&[Print]>> = pages.iter().map(|page| Json(page.print.as_slice())).collect();
    sqlx::query!(
        "INSERT INTO page_text (content_hash, number, width, height, print)
         SELECT $1, p.number, p.width, p.height, p.print
           FROM unnest($2::real[], $3::real[], $4::jsonb[]) WITH ORDINALITY AS p (width, height, print, number)
             ON CONFLICT (content_hash, number)
             DO UPDATE SET width = excluded.width, height = excluded.height, print = excluded.print",
        content_hash,
        &widths,
        &heights,
        &prints as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The sizes of the pages of a document that the viewer may see, in order.
pub async fn sizes(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<Vec<PageSize>, AppError> {
    let sizes = sqlx::query_as!(
        PageSize,
        "SELECT p.width, p.height
           FROM documents d
           JOIN visible_document_ids($1) v ON v.id = d.id
           JOIN page_text p ON p.content_hash = d.content_hash
          WHERE d.id = $2
          ORDER BY p.number",
        viewer.id(),
        document,
    );
    Ok(sizes.fetch_all(pool).await?)
}

/// The text on a page of a document that the viewer may see; `NotFound` otherwise.
pub async fn print(pool: &PgPool, viewer: &Viewer, document: Uuid, number: u32) -> Result<Vec<Print>, AppError> {
    let print = sqlx::query_scalar!(
        r#"SELECT p.print AS "print: Json<Vec<Print>>"
             FROM documents d
             JOIN visible_document_ids($1) v ON v.id = d.id
             JOIN page_text p ON p.content_hash = d.content_hash
            WHERE d.id = $2 AND p.number = $3::bigint"#,
        viewer.id(),
        document,
        i64::from(number),
    );
    Ok(print.fetch_one(pool).await?.0)
}

//! QR codes.

use qrcode::QrCode;
use qrcode::render::svg::Color;

use crate::error::AppError;
use crate::server::db::unexpected;

/// A text as a QR code, as SVG that fills its place.
pub fn svg(text: &str) -> Result<String, AppError> {
    let code = QrCode::new(text).map_err(unexpected)?;
    Ok(code.render::<Color>().min_dimensions(200, 200).build())
}

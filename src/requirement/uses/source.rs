//! The table's rows on where it comes from, and what comes with it.

use super::QualityRow;
use super::cell::{EB, EC, ET, R2, R4, R5, R6, R11, R12, R13, both, each, today};
use crate::requirement::quality;

/// In the table's order.
pub(super) static ROWS: &[QualityRow] = &[
    QualityRow {
        quality: &quality::enterprise_issued::ENTERPRISE_ISSUED,
        cells: [
            each(EC, EB),
            each(EC, EB),
            both(R12),
            both(R12),
            both(R12),
            both(R12),
            both(R12),
            today(EB),
            each(R2, R5),
            both(R5),
            today(R12),
            today(R11),
            today(R12),
            today(R11),
        ],
    },
    QualityRow {
        quality: &quality::file_format::FILE_FORMAT,
        cells: [
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            each(EC, EB),
            each(EC, EB),
            both(R2),
            today(EB),
            both(R2),
            both(R2),
            today(EB),
            today(R2),
            today(R2),
            today(R2),
        ],
    },
    QualityRow {
        quality: &quality::key_matches::KEY_MATCHES,
        cells: [
            both(R13),
            both(R13),
            both(ET),
            both(ET),
            both(R6),
            both(R4),
            both(ET),
            today(R4),
            both(R6),
            both(R6),
            today(R4),
            today(R13),
            today(R13),
            today(R6),
        ],
    },
];

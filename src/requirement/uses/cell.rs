//! What may stand in a cell: a severity and the document it rests on, or the reason why it is empty. The letters are those of
//! the printed table: how grave, then the document.

use super::TableCell;
use crate::rule::document;
use crate::rule::quality::{Cell, Half, Reason};
use crate::site::profile::ByProfile;
use crate::verdict::severity::Severity;

static REASON_1: Reason =
    Reason { number: 1, words: "the use, or the client concerned, does not exist in this profile" };
pub(super) const R1: Half = Half::Empty(&REASON_1);
static REASON_2: Reason =
    Reason { number: 2, words: "no document sets such a rule, and nothing in Windows is known to depend on it" };
pub(super) const R2: Half = Half::Empty(&REASON_2);
static REASON_4: Reason =
    Reason { number: 4, words: "part of another row: root/standard for a root, pkcs12 for a .pfx" };
pub(super) const R4: Half = Half::Empty(&REASON_4);
static REASON_5: Reason =
    Reason { number: 5, words: "self-signed by design: the signing certificate of Current Branch, a root" };
pub(super) const R5: Half = Half::Empty(&REASON_5);
static REASON_6: Reason = Reason { number: 6, words: "neither provider nor key is in what is seen" };
pub(super) const R6: Half = Half::Empty(&REASON_6);
static REASON_7: Reason = Reason { number: 7, words: "allowed in Current Branch" };
pub(super) const R7: Half = Half::Empty(&REASON_7);
static REASON_8: Reason = Reason { number: 8, words: "a root is the end of the path" };
pub(super) const R8: Half = Half::Empty(&REASON_8);
static REASON_9: Reason = Reason {
    number: 9,
    words: "Windows does not verify a root's own signature for trust; its key counts in key-minimum",
};
pub(super) const R9: Half = Half::Empty(&REASON_9);
static REASON_10: Reason = Reason { number: 10, words: "nobody dials this certificate's name" };
pub(super) const R10: Half = Half::Empty(&REASON_10);
static REASON_11: Reason = Reason {
    number: 11,
    words: "documented as allowed: a wildcard for the gateway, the site's own certificate for the administration service and SQL Server",
};
pub(super) const R11: Half = Half::Empty(&REASON_11);
static REASON_12: Reason = Reason { number: 12, words: "the row on the path tells it" };
pub(super) const R12: Half = Half::Empty(&REASON_12);
static REASON_13: Reason = Reason { number: 13, words: "session/key-proof tells it" };
pub(super) const R13: Half = Half::Empty(&REASON_13);
static REASON_14: Reason = Reason { number: 14, words: "trusted by copy, not by path" };
pub(super) const R14: Half = Half::Empty(&REASON_14);
static REASON_15: Reason = Reason { number: 15, words: "no text says that clients check it" };
pub(super) const R15: Half = Half::Empty(&REASON_15);
static REASON_16: Reason = Reason { number: 16, words: "a file presents no chain; servers and CryptoAPI complete it" };
pub(super) const R16: Half = Half::Empty(&REASON_16);
static REASON_17: Reason = Reason { number: 17, words: "no checker is documented" };
pub(super) const R17: Half = Half::Empty(&REASON_17);
static REASON_18: Reason = Reason { number: 18, words: "server-to-server connections do not support revocation lists" };
pub(super) const R18: Half = Half::Empty(&REASON_18);

/// Every reason why a cell is empty.
pub static REASONS: &[&Reason] = &[
    &REASON_1, &REASON_2, &REASON_4, &REASON_5, &REASON_6, &REASON_7, &REASON_8, &REASON_9, &REASON_10, &REASON_11,
    &REASON_12, &REASON_13, &REASON_14, &REASON_15, &REASON_16, &REASON_17, &REASON_18,
];

pub(super) const EB: Half = Half::Judged(Severity::Error, &document::CB);
pub(super) const EC: Half = Half::Judged(Severity::Error, &document::CRNM);
pub(super) const ED: Half = Half::Judged(Severity::Error, &document::IDENT);
pub(super) const EG: Half = Half::Judged(Severity::Error, &document::CMGCERT);
pub(super) const EI: Half = Half::Judged(Severity::Error, &document::KBIIS);
pub(super) const EK: Half = Half::Judged(Severity::Error, &document::KB1024);
pub(super) const EL: Half = Half::Judged(Severity::Error, &document::CRL);
pub(super) const EN: Half = Half::Judged(Severity::Error, &document::CNG);
pub(super) const EP: Half = Half::Judged(Severity::Error, &document::PLAN);
pub(super) const EQ: Half = Half::Judged(Severity::Error, &document::SQLCERT);
pub(super) const ET: Half = Half::Judged(Severity::Error, &document::TOOL);
pub(super) const NT: Half = Half::Judged(Severity::Notice, &document::TOOL);
pub(super) const WB: Half = Half::Judged(Severity::Warning, &document::CB);
pub(super) const WC: Half = Half::Judged(Severity::Warning, &document::CRNM);
pub(super) const WF: Half = Half::Judged(Severity::Warning, &document::FQDN);
pub(super) const WI: Half = Half::Judged(Severity::Warning, &document::KBIIS);
pub(super) const WK: Half = Half::Judged(Severity::Warning, &document::KB1024);
pub(super) const WQ: Half = Half::Judged(Severity::Warning, &document::SQLCERT);
pub(super) const WR: Half = Half::Judged(Severity::Warning, &document::RENEW);
pub(super) const WT: Half = Half::Judged(Severity::Warning, &document::TOOL);
pub(super) const WV: Half = Half::Judged(Severity::Warning, &document::BPA);
pub(super) const WX: Half = Half::Judged(Severity::Warning, &document::CRYPTO);

pub(super) const TOLD: TableCell = TableCell::Told;

pub(super) const fn both(half: Half) -> TableCell {
    TableCell::Of(Cell(ByProfile::both(half)))
}

pub(super) const fn each(native_mode_2007: Half, current_branch: Half) -> TableCell {
    TableCell::Of(Cell(ByProfile::each(native_mode_2007, current_branch)))
}

/// Of a use that sites of 2007 do not have.
pub(super) const fn today(current_branch: Half) -> TableCell {
    TableCell::Of(Cell(ByProfile::each(R1, current_branch)))
}

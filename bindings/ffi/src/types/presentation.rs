//! What is shown, and to whom.

use vidimus_wallet::present;

use super::macros::discreet;
use super::qr::QrSymbol;
use super::standing::LicenseStanding;
use super::status::StatusReport;
use crate::units::Instant;

discreet!(Frame);

/// What is on the screen for 10 s.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct Frame {
    /// The QR's text: a signed presentation. Anyone who has it can show it for 30 s; do not log it.
    pub text: String,
    /// The QR of that text, module by module.
    pub symbol: QrSymbol,
    /// When it was signed, by the wallet's best time.
    pub issued_at: Instant,
    /// When the next frame is due, by the same time.
    pub rotates_at: Instant,
    /// When readers refuse it.
    pub expires_at: Instant,
    /// The status inside, and its age.
    pub status: StatusReport,
    /// How the license stands: by that status, its days, those of its categories, and by how long
    /// it can be shown.
    pub standing: LicenseStanding,
    /// There is a status, but no QR is large enough to carry it.
    pub staple_left_out: bool,
    /// The QRs of the driver's face, at most 16; empty unless it is to be shown. In turn: the
    /// frame's own QR for two seconds, then each of these for 0.2 s, twice.
    pub face: Vec<QrSymbol>,
}

impl From<present::Frame> for Frame {
    fn from(frame: present::Frame) -> Self {
        Self {
            symbol: QrSymbol::from(&frame.symbol),
            text: frame.text,
            issued_at: frame.issued_at.into(),
            rotates_at: frame.rotates_at.into(),
            expires_at: frame.expires_at.into(),
            status: StatusReport::new(frame.status, frame.age_s),
            standing: frame.standing.into(),
            staple_left_out: frame.staple_left_out,
            face: frame
                .face
                .iter()
                .flat_map(present::Face::symbols)
                .map(QrSymbol::from)
                .collect(),
        }
    }
}

/// Who asks for a license. Show it before answering.
#[derive(uniffi::Record)]
pub struct ReaderRequestDetails {
    /// The name that the reader gives itself; `dl1:code` for digits that were read out.
    pub reader: String,
    /// The reader's name by the trust list; none where nothing proves who asks.
    pub proven_name: Option<String>,
    /// Whether the reader asks for the driver's face too.
    pub wants_face: bool,
}

impl From<&present::ReaderRequest> for ReaderRequestDetails {
    fn from(request: &present::ReaderRequest) -> Self {
        Self {
            reader: request.reader().to_owned(),
            proven_name: request.proven_name().map(str::to_owned),
            wants_face: request.wants_face(),
        }
    }
}
